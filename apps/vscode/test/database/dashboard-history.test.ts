import { createPool, type Pool } from "@rockpool/core";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type PoolHostMessage, USE_WORDS } from "../../shared/protocol/pool.ts";
import { LaneTracer } from "../../src/database/lane-tracer.ts";
import { DashboardSession } from "../../src/model/pool/dashboard-session.ts";
import { PoolHistories } from "../../src/model/pool/pool-histories.ts";
import { poolRecorder } from "../../src/model/pool/pool-recorder.ts";
import { type PoolSource, PoolSources } from "../../src/model/pool/pool-source.ts";
import { LaneStore, type StoredLane } from "../../webviews/pool/lane-store.ts";

const CHECKOUTS = 5_000;

/** One stretch of a connection's life. */
interface Segment {
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

/** What the pool's own events say of each connection, in order. */
function logOf(pool: Pool): Map<string, Segment[]> {
  const log = new Map<string, Segment[]>();
  const since = new Map<string, number>();
  const begin = (key: string, at: number): void => void since.set(key, at);
  const end = (id: string, key: string, what: string, at: number): void => {
    const start = since.get(`${id} ${key}`);
    if (start === undefined) return;
    since.delete(`${id} ${key}`);
    log.set(id, [...(log.get(id) ?? []), { what, start, end: at }]);
  };
  const uses = new Map<string, number>();
  pool.onEvent((event) => {
    const { atMillis: at } = event;
    switch (event.type) {
      case "connect_started":
        begin(`${event.connectionId} connect`, at);
        break;
      case "connected":
        end(event.connectionId, "connect", "connecting", at);
        break;
      case "acquired":
        uses.set(event.connectionId, event.useCount);
        begin(`${event.connectionId} use`, at);
        break;
      case "released":
        end(event.connectionId, "transaction", "transaction", at);
        end(event.connectionId, "use", `use ${uses.get(event.connectionId)}`, at);
        break;
      case "transaction":
        if (event.status === "transaction") begin(`${event.connectionId} transaction`, at);
        else if (event.status === "idle") end(event.connectionId, "transaction", "transaction", at);
        break;
      case "closing":
        begin(`${event.connectionId} close`, at);
        break;
      case "closed":
        end(event.connectionId, "close", `closing: ${event.reason}`, at);
        break;
      default:
    }
  });
  return log;
}

/** The same, as the view would draw it. */
function segmentsOf({ head, tracks }: StoredLane): Segment[] {
  const segments: Segment[] = [];
  const { opened, closed } = head;
  if (opened !== null) segments.push({ what: "connecting", start: opened.start, end: opened.end });
  for (let index = 0; index < tracks.use.length; index += 1) {
    const what = `use ${tracks.use.word(index, USE_WORDS.useCount)}`;
    segments.push({ what, start: tracks.use.start(index), end: tracks.use.end(index) });
  }
  for (let index = 0; index < tracks.transaction.length; index += 1) {
    const { transaction } = tracks;
    segments.push({ what: "transaction", start: transaction.start(index), end: transaction.end(index) });
  }
  if (closed !== null)
    segments.push({ what: `closing: ${closed.reason}`, start: closed.start, end: closed.end });
  return segments;
}

/** A view that is told by messages alone, each a copy as it crosses the border to the page. */
class View {
  readonly store = new LaneStore();
  messages = 0;

  receive(message: PoolHostMessage): void {
    const copy = structuredClone(message);
    if (copy.type !== "update") return;
    this.messages += 1;
    if (copy.isWhole) this.store.clear();
    this.store.add(copy.lanes);
    this.store.hold(copy.held);
  }
}

async function useOnce(pool: Pool, number: number): Promise<void> {
  const kind = number % 20;
  if (kind === 3) await pool.transaction((tx) => tx.query("select 1"));
  else if (kind === 7) {
    await pool.use(async (connection) => {
      await connection.query("begin");
      await connection.query("select 2");
      await connection.query("commit");
    });
  } else if (kind === 11) await pool.query("select * from nowhere").catch(() => {});
  else if (kind === 13) {
    const lease = await pool.acquire();
    await lease.query("begin");
    lease.release();
  } else if (number % 500 === 17) (await pool.acquire()).discard();
  else await pool.query("select $1::int", [number]);
}

it("the timeline's segments equal the pool's event log, also after the view was hidden for half of them", async () => {
  const recorder = poolRecorder();
  const source: PoolSource = {
    recorder,
    pools: () => [],
    keyOf: ({ poolName }) => `own ${poolName}`,
    onDidChange: () => () => {},
  };
  const sources = new PoolSources();
  sources.add(source);
  const histories = new PoolHistories(sources);
  const view = new View();
  const session = new DashboardSession({ sources, histories, post: (message) => view.receive(message) });
  const pool = createPool(server.url, {
    name: "seen",
    max: 8,
    maxUses: 150,
    telemetry: { tracerProvider: new LaneTracer(recorder), lifecycleSpans: true },
  });
  const log = logOf(pool);
  let done = 0;
  const work = async (until: number): Promise<void> => {
    while (done < until) {
      done += 1;
      await useOnce(pool, done);
      if (done % 100 === 0) session.update([], Date.now());
    }
  };
  const workUntil = (until: number) => Promise.all(Array.from({ length: 24 }, () => work(until)));

  session.show([], Date.now());
  await workUntil(CHECKOUTS / 4);
  const shownMessages = view.messages;
  expect(shownMessages).toBeGreaterThan(10);
  session.hide();
  await workUntil((3 * CHECKOUTS) / 4);
  expect(view.messages).toBe(shownMessages);
  session.show([], Date.now());
  await workUntil(CHECKOUTS);
  await pool.close();
  session.update([], Date.now());

  const lanes = new Map([...view.store.lanes].map((lane) => [lane.head.connectionId, segmentsOf(lane)]));
  expect([...lanes.keys()].sort()).toEqual([...log.keys()].sort());
  const gaps: number[] = [];
  let uses = 0;
  const offset = Date.now() - performance.now();
  for (const [id, logged] of log) {
    const drawn = lanes.get(id) ?? [];
    const names = (segments: readonly Segment[]) => segments.map(({ what }) => what).sort();
    expect(names(drawn)).toEqual(names(logged));
    const inOrder = (segments: readonly Segment[]) =>
      segments.filter(({ what }) => what.startsWith("use")).map(({ what }) => what);
    expect(inOrder(drawn)).toEqual(inOrder(logged));
    uses += inOrder(drawn).length;
    gaps.push(...gapsBetween(drawn, logged, offset));
  }
  expect(uses).toBeGreaterThanOrEqual(CHECKOUTS);
  // A pool reads its clock once a turn and a span at its ends, between which the machine may do something else for a while.
  const sorted = gaps.sort((a, b) => a - b);
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(1.5);
  expect(sorted[Math.floor(sorted.length * 0.9)]).toBeLessThan(15);
  histories.dispose();
}, 120_000);

/** How far the ends of the same segments lie apart, in milliseconds. */
function gapsBetween(drawn: readonly Segment[], logged: readonly Segment[], offset: number): number[] {
  const byStart = (what: string, segments: readonly Segment[]) =>
    segments.filter((segment) => segment.what === what).sort((a, b) => a.start - b.start);
  const gaps: number[] = [];
  for (const what of new Set(logged.map((segment) => segment.what))) {
    const own = byStart(what, drawn);
    for (const [index, { start, end }] of byStart(what, logged).entries()) {
      gaps.push(
        Math.abs((own[index]?.start ?? 0) - start - offset),
        Math.abs((own[index]?.end ?? 0) - end - offset),
      );
    }
  }
  return gaps;
}
