import fc from "fast-check";
import type { ReceivedSpan } from "../../src/model/span.ts";
import { newSpanId, newTraceId, span } from "./spans.ts";

/** One use in a history that a test made up. */
export interface PastUse {
  waitMillis: number;
  queries: string[];
  hasTransaction: boolean;
  /** Whether the caller opened a span of its own around the queries. */
  hasCallerSpan: boolean;
}

/** One connection in a history that a test made up. */
export interface PastConnection {
  process: number;
  pool: string;
  uses: PastUse[];
  closeReason: string | null;
}

const use: fc.Arbitrary<PastUse> = fc.record({
  waitMillis: fc.integer({ min: 0, max: 50 }),
  queries: fc.array(fc.constantFrom("SELECT orders", "UPDATE customers", "INSERT events"), { maxLength: 4 }),
  hasTransaction: fc.boolean(),
  hasCallerSpan: fc.boolean(),
});

/** Histories of a few processes with a few pools. */
export const histories: fc.Arbitrary<PastConnection[]> = fc.array(
  fc.record({
    process: fc.integer({ min: 1, max: 2 }),
    pool: fc.constantFrom("main", "reports"),
    uses: fc.array(use, { maxLength: 6 }),
    closeReason: fc.constantFrom(null, "idle", "shutdown"),
  }),
  { minLength: 1, maxLength: 5 },
);

/** What the timeline must say of one connection, without the ids. */
export function expectedLane(connection: PastConnection) {
  return {
    pool: connection.pool,
    process: String(connection.process),
    closed: connection.closeReason,
    uses: connection.uses.map((past, index) => ({
      useCount: index + 1,
      source: index === 0 ? "new" : "idle",
      waitMillis: past.waitMillis,
      queries: past.queries,
      transactions: past.hasTransaction ? 1 : 0,
    })),
  };
}

/** The spans that such a connection leaves, as core makes them. */
export function spansOf(connection: PastConnection, id: string): ReceivedSpan[] {
  const resource = { "service.name": "orders", "process.pid": connection.process };
  const identity = { "rockpool.connection.id": id, "rockpool.backend.pid": 100 };
  const pool = { "db.client.connection.pool.name": connection.pool };
  const make = (given: Parameters<typeof span>[0]) => span({ ...given, resource });
  const spans: ReceivedSpan[] = [
    make({
      name: "CONNECT shop",
      kind: "client",
      startTimeUnixMillis: 1_000,
      endTimeUnixMillis: 1_010,
      attributes: { ...identity, ...pool, "db.namespace": "shop" },
    }),
  ];
  let now = 2_000;
  connection.uses.forEach((past, index) => {
    const traceId = newTraceId();
    const callerSpanId = newSpanId();
    const checkoutId = newSpanId();
    const requested = now;
    now += past.waitMillis + 1;
    const parentSpanId = past.hasCallerSpan ? newSpanId() : checkoutId;
    for (const name of past.queries) {
      spans.push(
        make({
          traceId,
          parentSpanId,
          name,
          kind: "client",
          startTimeUnixMillis: now,
          endTimeUnixMillis: now + 2,
          attributes: { "rockpool.connection.id": id },
        }),
      );
      now += 3;
    }
    if (past.hasTransaction) {
      spans.push(
        make({
          traceId,
          parentSpanId: checkoutId,
          name: "transaction",
          startTimeUnixMillis: now - 1,
          endTimeUnixMillis: now,
          attributes: { "rockpool.connection.id": id },
        }),
      );
    }
    spans.push(
      make({
        traceId,
        spanId: checkoutId,
        parentSpanId: callerSpanId,
        startTimeUnixMillis: requested,
        endTimeUnixMillis: now + 1,
        attributes: {
          ...identity,
          ...pool,
          "rockpool.connection.use_count": index + 1,
          "rockpool.acquire.source": index === 0 ? "new" : "idle",
          "rockpool.acquire.wait_time": past.waitMillis / 1_000,
        },
      }),
    );
    now += 10;
  });
  if (connection.closeReason !== null) {
    spans.push(
      make({
        name: "connection.close",
        startTimeUnixMillis: now,
        endTimeUnixMillis: now,
        attributes: {
          ...identity,
          ...pool,
          "rockpool.connection.use_count": connection.uses.length,
          "rockpool.close.reason": connection.closeReason,
        },
      }),
    );
  }
  return spans;
}
