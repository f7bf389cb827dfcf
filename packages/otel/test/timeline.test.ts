import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { ReuseTimeline } from "../src/timeline/index.ts";
import { newTraceId, span } from "./support/spans.ts";

const ID = "rockpool.connection.id";
const USE = "rockpool.connection.use_count";

test("a connection shows who opened it, for whom, and how long it took", () => {
  const timeline = new ReuseTimeline();
  const checkout = span({
    attributes: { [ID]: "main#1", [USE]: 1 },
    startTimeUnixMillis: 100,
    endTimeUnixMillis: 200,
  });
  const connect = span({
    traceId: checkout.traceId,
    parentSpanId: checkout.spanId,
    name: "CONNECT shop",
    kind: "client",
    startTimeUnixMillis: 101,
    endTimeUnixMillis: 131,
    attributes: {
      [ID]: "main#1",
      "rockpool.backend.pid": 4711,
      "db.namespace": "shop",
      "server.address": "db1",
      "server.port": 6432,
      "db.client.connection.pool.name": "main",
    },
  });
  timeline.add([checkout, connect]);
  expect(timeline.snapshot().lanes).toMatchObject([
    {
      connectionId: "main#1",
      poolName: "main",
      serviceName: "orders",
      process: "7",
      backendPid: 4711,
      target: "shop@db1:6432",
      opened: {
        startUnixMillis: 101,
        endUnixMillis: 131,
        demandedBy: { traceId: checkout.traceId, spanId: checkout.spanId },
        failure: null,
      },
      closed: null,
    },
  ]);
});

test("an attempt to open that failed shows why", () => {
  const timeline = new ReuseTimeline();
  timeline.add([
    span({
      name: "CONNECT shop",
      kind: "client",
      status: "error",
      attributes: { [ID]: "main#1", "error.type": "ECONNREFUSED" },
    }),
  ]);
  expect(timeline.snapshot().lanes[0]?.opened?.failure).toBe("ECONNREFUSED");
});

test("a checkout splits into its wait and its hold", () => {
  const timeline = new ReuseTimeline();
  timeline.add([
    span({
      startTimeUnixMillis: 1_000,
      endTimeUnixMillis: 1_100,
      attributes: {
        [ID]: "main#1",
        [USE]: 4,
        "rockpool.acquire.source": "queued",
        "rockpool.acquire.wait_time": 0.03,
        "rockpool.connection.idle_time": 2,
      },
    }),
  ]);
  expect(timeline.snapshot().lanes[0]?.checkouts).toMatchObject([
    {
      useCount: 4,
      missedBefore: 3,
      source: "queued",
      requestedUnixMillis: 1_000,
      acquiredUnixMillis: 1_030,
      releasedUnixMillis: 1_100,
      waitMillis: 30,
      holdMillis: 70,
      idleMillis: 2_000,
    },
  ]);
});

test("a discarded connection is closed by the checkout that lost it", () => {
  const timeline = new ReuseTimeline();
  timeline.add([
    span({
      endTimeUnixMillis: 50,
      attributes: { [ID]: "main#1", [USE]: 1 },
      events: [
        {
          name: "connection_discarded",
          timeUnixMillis: 49,
          attributes: { "rockpool.close.reason": "broken" },
        },
      ],
    }),
  ]);
  const [lane] = timeline.snapshot().lanes;
  expect(lane?.checkouts[0]?.discardReason).toBe("broken");
  expect(lane?.closed).toEqual({ beganUnixMillis: 50, timeUnixMillis: 50, reason: "broken" });
});

test("a query that carries the use of its connection stands for the checkout that has no span", () => {
  const timeline = new ReuseTimeline();
  const query = span({
    name: "SELECT orders",
    kind: "client",
    startTimeUnixMillis: 20,
    endTimeUnixMillis: 25,
    attributes: {
      [ID]: "main#1",
      [USE]: 2,
      "rockpool.acquire.source": "idle",
      "rockpool.acquire.wait_time": 0,
    },
  });
  timeline.add([query]);
  expect(timeline.snapshot().lanes[0]).toMatchObject({
    checkouts: [{ useCount: 2, isImplicit: true, holdMillis: 5, queries: [{ summary: "SELECT orders" }] }],
    looseQueries: [],
  });
});

test("a query of another trace goes to the checkout that held the connection at its time", () => {
  const timeline = new ReuseTimeline();
  const at = (start: number, end: number, use: number) =>
    span({ startTimeUnixMillis: start, endTimeUnixMillis: end, attributes: { [ID]: "main#1", [USE]: use } });
  const query = (start: number) =>
    span({
      name: `SELECT ${start}`,
      kind: "client",
      startTimeUnixMillis: start,
      endTimeUnixMillis: start + 1,
      attributes: { [ID]: "main#1" },
    });
  timeline.add([query(15), at(30, 40, 2), query(35), at(10, 20, 1), query(100)]);
  const [lane] = timeline.snapshot().lanes;
  expect(lane?.checkouts.map((checkout) => checkout.queries.map((one) => one.summary))).toEqual([
    ["SELECT 15"],
    ["SELECT 35"],
  ]);
  expect(lane?.looseQueries.map((one) => one.summary)).toEqual(["SELECT 100"]);
});

test("connections of two processes never share a lane", () => {
  const timeline = new ReuseTimeline();
  for (const pid of [1, 2]) {
    timeline.add([
      span({
        resource: { "service.name": "orders", "process.pid": pid },
        attributes: { [ID]: "main#1", [USE]: 1 },
      }),
    ]);
  }
  expect(timeline.snapshot().lanes.map((lane) => lane.process)).toEqual(["1", "2"]);
});

test("lanes stand in the order of their numbers", () => {
  const timeline = new ReuseTimeline();
  for (const id of ["main#10", "main#2", "reports#1", "main#1"]) {
    timeline.add([span({ attributes: { [ID]: id, [USE]: 1 } })]);
  }
  expect(timeline.snapshot().lanes.map((lane) => lane.connectionId)).toEqual([
    "main#1",
    "main#2",
    "main#10",
    "reports#1",
  ]);
});

test("a request that got no connection is kept beside the lanes", () => {
  const timeline = new ReuseTimeline();
  timeline.add([
    span({
      status: "error",
      startTimeUnixMillis: 1,
      endTimeUnixMillis: 31,
      attributes: { "error.type": "acquire_timeout", "db.client.connection.pool.name": "main" },
    }),
  ]);
  expect(timeline.snapshot()).toMatchObject({
    lanes: [],
    failedAcquires: [{ poolName: "main", failure: "acquire_timeout", startUnixMillis: 1, endUnixMillis: 31 }],
    period: { startUnixMillis: 1, endUnixMillis: 31 },
  });
});

test("spans that tell nothing of a connection change nothing", () => {
  const timeline = new ReuseTimeline();
  let changes = 0;
  using _ = timeline.onChange(() => {
    changes += 1;
  });
  timeline.add([span({ name: "GET /orders", kind: "server" })]);
  expect(changes).toBe(0);
  timeline.add([span({ attributes: { [ID]: "main#1" } })]);
  expect(changes).toBe(1);
  expect(timeline.snapshot().lanes).toHaveLength(1);
});

test("in the same process it is a span processor, and shows a held connection before its span ends", () => {
  const timeline = new ReuseTimeline();
  const processor: SpanProcessor = timeline;
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer("@rockpool/core");
  const checkout = tracer.startSpan("pool.checkout");
  expect(timeline.snapshot().lanes).toEqual([]);
  checkout.setAttributes({ [ID]: "main#1", [USE]: 1, "rockpool.acquire.source": "new" });
  expect(timeline.snapshot().lanes[0]?.checkouts).toMatchObject([
    { useCount: 1, releasedUnixMillis: null, holdMillis: null },
  ]);

  const query = tracer.startSpan("SELECT orders", { kind: SpanKind.CLIENT, attributes: { [ID]: "main#1" } });
  query.setStatus({ code: SpanStatusCode.ERROR }).setAttribute("error.type", "42P01").end();
  checkout.end();
  const [lane] = timeline.snapshot().lanes;
  expect(lane?.checkouts).toMatchObject([
    { traceId: checkout.spanContext().traceId, queries: [{ summary: "SELECT orders", failure: "42P01" }] },
  ]);
  expect(lane?.checkouts[0]?.releasedUnixMillis).toBeTypeOf("number");
});

test("an earlier snapshot never changes", () => {
  const timeline = new ReuseTimeline();
  const traceId = newTraceId();
  timeline.add([span({ traceId, attributes: { [ID]: "main#1", [USE]: 1 } })]);
  const before = timeline.snapshot();
  const copy = structuredClone(before);
  timeline.add([span({ traceId, attributes: { [ID]: "main#1", [USE]: 2 } })]);
  expect(before).toEqual(copy);
});

test.each([0, -1, 1.5, Number.NaN])("a limit of %d is refused", (maxLanes) => {
  expect(() => new ReuseTimeline({ maxLanes })).toThrow(RangeError);
});
