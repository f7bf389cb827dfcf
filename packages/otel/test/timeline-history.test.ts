import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReceivedSpan } from "../src/model/span.ts";
import { ReuseTimeline, type TimelineLane } from "../src/timeline/index.ts";
import { expectedLane, histories, type PastConnection, spansOf } from "./support/history.ts";
import { span } from "./support/spans.ts";

function spansOfAll(history: readonly PastConnection[]): ReceivedSpan[] {
  const counts = new Map<string, number>();
  return history.flatMap((connection) => {
    const place = `${connection.process} ${connection.pool}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
    return spansOf(connection, `${connection.pool}#${counts.get(place)}`);
  });
}

function summaryOf(lane: TimelineLane) {
  return {
    pool: lane.poolName,
    process: lane.process,
    closed: lane.closed?.reason ?? null,
    uses: lane.checkouts.map((checkout) => ({
      useCount: checkout.useCount,
      source: checkout.source,
      waitMillis: checkout.waitMillis,
      queries: checkout.queries.map((query) => query.summary),
      transactions: checkout.transactions.length,
    })),
  };
}

test("the lanes equal the history, in whatever order and however often its spans arrive", () => {
  fc.assert(
    fc.property(histories, fc.infiniteStream(fc.nat()), (history, chance) => {
      const next = () => chance.next().value ?? 0;
      const spans = spansOfAll(history);
      const shuffled = [...spans, ...spans.filter(() => next() % 3 === 0)]
        .map((span) => ({ span, rank: next() }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ span }) => span);
      const timeline = new ReuseTimeline();
      while (shuffled.length > 0) timeline.add(shuffled.splice(0, 1 + (next() % 5)));
      const { lanes } = timeline.snapshot();
      const byPlace = (lane: { process: string | null; pool: string | null }) =>
        `${lane.process} ${lane.pool}`;
      const expected = history.map(expectedLane);
      for (const place of new Set(expected.map(byPlace))) {
        expect(lanes.map(summaryOf).filter((lane) => byPlace(lane) === place)).toEqual(
          expected.filter((lane) => byPlace(lane) === place),
        );
      }
      expect(lanes).toHaveLength(history.length);
      expect(lanes.flatMap((lane) => lane.looseQueries)).toEqual([]);
      expect(lanes.every((lane) => lane.missedUses === 0)).toBe(true);

      const inOrder = new ReuseTimeline();
      inOrder.add(spans);
      expect(timeline.snapshot()).toEqual(inOrder.snapshot());
    }),
  );
});

test("where traces were not sampled, the uses that arrived stay in order and the others are counted", () => {
  fc.assert(
    fc.property(histories, fc.infiniteStream(fc.integer({ min: 0, max: 9 })), (history, chance) => {
      const isSampled = new Map<string, boolean>();
      const spans = spansOfAll(history).filter((span) => {
        const sampled = isSampled.get(span.traceId) ?? chance.next().value === 0;
        isSampled.set(span.traceId, sampled);
        return sampled;
      });
      const timeline = new ReuseTimeline();
      timeline.add(spans.toReversed());
      for (const lane of timeline.snapshot().lanes) {
        const uses = lane.checkouts.map((checkout) => checkout.useCount ?? 0);
        expect(uses).toEqual(uses.toSorted((a, b) => a - b));
        expect(new Set(uses).size).toBe(uses.length);
        const between = lane.checkouts.reduce((sum, checkout) => sum + checkout.missedBefore, 0);
        expect(between).toBe((uses.at(-1) ?? 0) - uses.length);
        expect(lane.missedUses).toBeGreaterThanOrEqual(between);
      }
    }),
  );
});

test("what no lane shows is not kept", () => {
  const timeline = new ReuseTimeline();
  const text = "select ".padEnd(10_000, "x");
  const attributes = { "rockpool.connection.id": "main#1", "db.query.text": text, "db.namespace": "shop" };
  timeline.add([span({ name: "SELECT orders", kind: "client", attributes })]);
  const { lanes } = timeline.snapshot();
  expect(lanes[0]?.target).toBe("shop");
  expect(JSON.stringify(lanes)).not.toContain(text);
});

test("memory is bounded, and the newest uses are the ones that are kept", () => {
  const connection: PastConnection = {
    process: 1,
    pool: "main",
    uses: Array.from({ length: 100 }, () => ({
      waitMillis: 0,
      queries: ["SELECT orders"],
      hasTransaction: false,
      hasCallerSpan: false,
    })),
    closeReason: null,
  };
  const timeline = new ReuseTimeline({ maxCheckoutsPerLane: 10, maxQueriesPerLane: 20, maxLanes: 3 });
  for (let connectionNumber = 1; connectionNumber <= 8; connectionNumber += 1) {
    timeline.add(spansOf(connection, `main#${connectionNumber}`));
  }
  const { lanes } = timeline.snapshot();
  expect(lanes).toHaveLength(3);
  for (const lane of lanes) {
    expect(lane.checkouts.map((checkout) => checkout.useCount)).toEqual([
      91, 92, 93, 94, 95, 96, 97, 98, 99, 100,
    ]);
    expect(lane.checkouts.flatMap((checkout) => checkout.queries)).toHaveLength(10);
    expect(lane.looseQueries).toHaveLength(10);
    expect(lane.missedUses).toBe(90);
  }
});
