import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReceivedSpan } from "../src/model/span.ts";
import {
  IntervalTrack,
  ReuseTimeline,
  STATEMENT,
  type TapeEntry,
  type TapeLane,
  TapeRecorder,
  TimelineTape,
  USE,
  USE_FLAGS,
} from "../src/timeline/index.ts";
import { histories, spansOf } from "./support/history.ts";
import { span } from "./support/spans.ts";

const ID = "rockpool.connection.id";
const USE_COUNT = "rockpool.connection.use_count";

function made(options: ConstructorParameters<typeof TimelineTape>[0] = {}) {
  const tape = new TimelineTape(options);
  return { tape, recorder: new TapeRecorder(tape) };
}

function checkout(useCount: number, at: number, given: Partial<ReceivedSpan> = {}): ReceivedSpan {
  return span({
    startTimeUnixMillis: at,
    endTimeUnixMillis: at + 5,
    ...given,
    attributes: { [ID]: "main#1", [USE_COUNT]: useCount, ...given.attributes },
  });
}

function usesOf(lane: TapeLane | undefined): number[] {
  const track = lane?.tracks.use ?? new IntervalTrack(0);
  return Array.from({ length: track.length }, (_, index) => track.word(index, USE.useCount));
}

test("a tape holds the same uses and statements as the lanes of its timeline, whatever order their spans come in", () => {
  fc.assert(
    fc.property(histories, fc.infiniteStream(fc.nat()), (history, chance) => {
      const spans = history.flatMap((connection, index) =>
        spansOf(connection, `${connection.pool}#${index}`),
      );
      const ranked = spans.map((one) => ({ one, rank: chance.next().value ?? 0 }));
      const { tape, recorder } = made({ keepMillis: 1e15 });
      const timeline = new ReuseTimeline();
      const inSomeOrder = ranked.sort((a, b) => a.rank - b.rank).map(({ one }) => one);
      timeline.add(inSomeOrder);
      recorder.add(inSomeOrder);
      const { lanes } = timeline.snapshot();
      const taped = new Map(tape.lanes.map((lane) => [lane.key, lane]));
      expect([...taped.keys()].sort()).toEqual(lanes.map(({ key }) => key).sort());
      for (const lane of lanes) {
        const own = taped.get(lane.key);
        expect(usesOf(own)).toEqual(lane.checkouts.map(({ useCount }) => useCount));
        const starts = lane.checkouts.map(({ acquiredUnixMillis }) => acquiredUnixMillis);
        expect(starts.map((_, index) => own?.tracks.use.start(index))).toEqual(starts);
        const queries = lane.checkouts.reduce((sum, { queries: list }) => sum + list.length, 0);
        expect(own?.tracks.statement.length).toBe(queries + lane.looseQueries.length);
        expect(own?.closed?.reason ?? null).toBe(lane.closed?.reason ?? null);
      }
    }),
  );
});

test("a use whose query is its only witness is recorded, and once where its own span comes too", () => {
  const { tape, recorder } = made();
  const told: TapeEntry[] = [];
  tape.listen({ lane: () => {}, entry: (entry) => void told.push(entry) });
  const query = (useCount: number, at: number): ReceivedSpan =>
    checkout(useCount, at, { name: "SELECT orders", kind: "client" });
  recorder.add([query(1, 100), checkout(1, 99), query(2, 200), query(3, 300), checkout(4, 400)]);
  expect(usesOf(tape.lanes[0])).toEqual([1, 2, 3, 4]);
  expect(told.filter(({ kind }) => kind === "use")).toHaveLength(4);
  recorder.add([checkout(3, 299)]);
  expect(usesOf(tape.lanes[0])).toEqual([1, 2, 3, 4]);
  const use = tape.lanes[0]?.tracks.use;
  expect((use?.word(2, USE.flags) ?? 0) & USE_FLAGS.implicit).toBe(0);
  expect((use?.word(1, USE.flags) ?? 0) & USE_FLAGS.implicit).toBe(USE_FLAGS.implicit);
});

test("transactions and cancels come from the events of a checkout", () => {
  const { tape, recorder } = made();
  const status = (at: number, value: string) => ({
    name: "transaction_status",
    timeUnixMillis: at,
    attributes: { "rockpool.tx.status": value },
  });
  const slept = { name: "SELECT", kind: "client", startTimeUnixMillis: 130, endTimeUnixMillis: 160 } as const;
  recorder.add([
    span({ ...slept, attributes: { [ID]: "main#1" } }),
    checkout(1, 100, {
      endTimeUnixMillis: 200,
      events: [
        status(110, "transaction"),
        status(115, "failed"),
        status(120, "idle"),
        { name: "cancel_requested", timeUnixMillis: 140, attributes: {} },
        status(170, "transaction"),
      ],
    }),
  ]);
  const { transaction, cancel } = tape.lanes[0]?.tracks ?? {};
  expect([transaction?.start(0), transaction?.end(0)]).toEqual([110, 120]);
  expect([transaction?.start(1), transaction?.end(1)]).toEqual([170, 200]);
  expect(cancel?.length).toBe(1);
  expect([cancel?.start(0), cancel?.end(0)]).toEqual([140, 160]);
});

test("a transaction of the helper is not told twice", () => {
  const { tape, recorder } = made();
  const period = { startTimeUnixMillis: 101, endTimeUnixMillis: 149 };
  const events = [
    { name: "transaction_status", timeUnixMillis: 102, attributes: { "rockpool.tx.status": "transaction" } },
    { name: "transaction_status", timeUnixMillis: 148, attributes: { "rockpool.tx.status": "idle" } },
  ];
  recorder.add([
    span({ name: "transaction", ...period, attributes: { [ID]: "main#1" } }),
    checkout(1, 100, { endTimeUnixMillis: 150, events }),
  ]);
  expect(tape.lanes[0]?.tracks.transaction.length).toBe(1);
});

test("a tape keeps to its bytes and to its time, and the newest uses stay", () => {
  const { tape, recorder } = made({ maxBytes: 200_000, keepMillis: 60_000 });
  let highest = 0;
  for (let use = 1; use <= 30_000; use += 1) {
    recorder.add([
      span({
        name: "SELECT",
        kind: "client",
        startTimeUnixMillis: use * 10,
        endTimeUnixMillis: use * 10 + 2,
        attributes: { [ID]: "main#1" },
      }),
      checkout(use, use * 10),
    ]);
    highest = Math.max(highest, tape.byteLength);
  }
  // Looked at every 2 000 entries, each of at most 200 bytes.
  expect(highest).toBeLessThan(200_000 + 2_000 * 200);
  tape.trim(300_000);
  expect(tape.byteLength).toBeLessThanOrEqual(200_000);
  const uses = usesOf(tape.lanes[0]);
  expect(uses.at(-1)).toBe(30_000);
  expect(uses.length).toBeGreaterThan(1_000);
  expect(tape.lanes[0]?.tracks.use.start(0)).toBeGreaterThan(240_000);
  tape.trim(400_000);
  expect(usesOf(tape.lanes[0])).toEqual([]);
});

test("a lane that closed is forgotten with its time, and one that is open stays", () => {
  const { tape, recorder } = made({ keepMillis: 1_000 });
  recorder.add([
    checkout(1, 100),
    span({
      name: "connection.close",
      startTimeUnixMillis: 200,
      endTimeUnixMillis: 210,
      attributes: { [ID]: "main#1", "rockpool.close.reason": "idle" },
    }),
    checkout(1, 150, { attributes: { [ID]: "main#2" } }),
  ]);
  expect(tape.lanes.map(({ connectionId }) => connectionId)).toEqual(["main#1", "main#2"]);
  expect(tape.lanes[0]?.closed).toEqual({ startUnixMillis: 200, endUnixMillis: 210, reason: "idle" });
  tape.trim(2_000);
  expect(tape.lanes.map(({ connectionId }) => connectionId)).toEqual(["main#2"]);
});

test("texts are kept once, and beyond the limit they are cut short to one", () => {
  const { tape, recorder } = made();
  const query = (at: number): ReceivedSpan =>
    span({
      name: "SELECT orders",
      kind: "client",
      startTimeUnixMillis: at,
      endTimeUnixMillis: at + 1,
      attributes: { [ID]: "main#1", "code.file.path": "/srv/orders.ts", "code.line.number": 12 },
    });
  recorder.add([query(1), query(2)]);
  const { statement } = tape.lanes[0]?.tracks ?? {};
  expect(statement?.word(0, STATEMENT.summary)).toBe(statement?.word(1, STATEMENT.summary));
  expect(tape.strings.text(statement?.word(1, STATEMENT.path) ?? 0)).toBe("/srv/orders.ts");
  expect(statement?.word(1, STATEMENT.line)).toBe(12);
  for (let index = 0; index < 12_000; index += 1) tape.strings.indexOf(`text ${index}`);
  expect(tape.strings.size).toBeLessThanOrEqual(10_001);
  expect(tape.strings.text(tape.strings.indexOf("one more"))).toBe("…");
});

test("a track keeps its order and its columns small, whatever comes and goes", () => {
  const at = fc.integer({ min: 0, max: 1_000 });
  fc.assert(
    fc.property(fc.array(fc.tuple(at, fc.integer({ min: 0, max: 20 }), fc.boolean())), (steps) => {
      const track = new IntervalTrack(1);
      let expected: [number, number, number][] = [];
      for (const [index, [start, length, drops]] of steps.entries()) {
        const later = expected.findIndex(([other]) => other > start);
        expected.splice(later === -1 ? expected.length : later, 0, [start, start + length, index]);
        track.insert(start, start + length, [index]);
        if (!drops) continue;
        track.dropBefore(start);
        const kept = expected.findIndex(([, end]) => end > start);
        expected = kept === -1 ? [] : expected.slice(kept);
      }
      const held = Array.from({ length: track.length }, (_, index) => [
        track.start(index),
        track.end(index),
        track.word(index, 0),
      ]);
      expect(held).toEqual(expected);
      expect(track.starts.length).toBeLessThanOrEqual(Math.max(16, 2 * track.length));
      const first = expected.findIndex(([start]) => start >= 500);
      expect(track.indexFrom(500)).toBe(first === -1 ? expected.length : first);
    }),
  );
});

test("a suspected leak is held, with its line of source, until its use or its connection ends", () => {
  const { recorder } = made();
  const leak = (useCount: number, id: string): ReceivedSpan =>
    span({
      name: "pool.leak",
      startTimeUnixMillis: 100,
      endTimeUnixMillis: 5_100,
      attributes: {
        [ID]: id,
        [USE_COUNT]: useCount,
        "code.file.path": "/srv/orders.ts",
        "code.line.number": 12,
        "code.stacktrace": "at order (/srv/orders.ts:12:3)",
      },
    });
  recorder.add([leak(3, "main#1"), leak(1, "main#2")]);
  const place = {
    path: "/srv/orders.ts",
    line: 12,
    stack: "at order (/srv/orders.ts:12:3)",
    isLeakSuspected: true,
  };
  expect(recorder.held()).toMatchObject([
    { acquiredUnixMillis: 100, useCount: 3, ...place },
    { useCount: 1, ...place },
  ]);
  recorder.add([checkout(3, 100)]);
  expect(recorder.held()).toMatchObject([{ useCount: 1, ...place }]);
  recorder.add([
    span({
      name: "connection.close",
      attributes: { [ID]: "main#2", "rockpool.close.reason": "broken" },
    }),
  ]);
  expect(recorder.held()).toEqual([]);
  recorder.add([leak(3, "main#1")]);
  expect(recorder.held()).toEqual([]);
});

test("a connection that is discarded with its use is closed, though no span tells of that", () => {
  const { tape, recorder } = made();
  const discarded = {
    name: "connection_discarded",
    timeUnixMillis: 104,
    attributes: { "rockpool.close.reason": "broken" },
  };
  const heads: (string | null)[] = [];
  tape.listen({ lane: ({ closed }) => void heads.push(closed?.reason ?? null), entry: () => {} });
  recorder.add([checkout(1, 100, { events: [discarded] })]);
  expect(tape.lanes[0]?.closed).toEqual({ startUnixMillis: 105, endUnixMillis: 105, reason: "broken" });
  expect(heads.at(-1)).toBe("broken");
});

test("the caller of a trace is known by the request that its process serves, for the newest ten thousand", () => {
  const { tape, recorder } = made();
  const request = (traceId: string, given: Partial<ReceivedSpan>): ReceivedSpan =>
    span({ name: "GET /orders", kind: "server", traceId, parentSpanId: "00f067aa0ba902b7", ...given });
  const traced = checkout(1, 100, { traceId: "a".repeat(32) });
  recorder.add([
    traced,
    request(traced.traceId, { name: "load", kind: "internal", parentSpanId: null }),
    request(traced.traceId, {}),
    request(traced.traceId, { name: "step", kind: "internal" }),
  ]);
  const [lane] = tape.lanes;
  if (lane === undefined) throw new Error("no lane");
  expect(tape.lanes).toHaveLength(1);
  expect(recorder.callerOf(traced.traceId, lane)).toBe("GET /orders");
  expect(recorder.callerOf(traced.traceId, { senderKey: "another process" })).toBeNull();
  for (let trace = 0; trace < 10_000; trace += 1) recorder.add([request(`trace ${trace}`, {})]);
  expect(recorder.callerOf(traced.traceId, lane)).toBeNull();
  expect(recorder.callerOf("trace 0", lane)).toBe("GET /orders");
});
