import { expect, test } from "vitest";
import { ReuseTimeline } from "../src/timeline/index.ts";
import { span } from "./support/spans.ts";

const ID = "rockpool.connection.id";
const USE = "rockpool.connection.use_count";

const LEAK = {
  "code.function.name": "main",
  "code.file.path": "/srv/main.js",
  "code.line.number": 5,
  "code.column.number": 6,
  "code.stacktrace": "Error: acquired here\n    at main (/srv/main.js:5:6)",
};

test("a suspected leak shows as held, with its place in the source, until its checkout ends", () => {
  const timeline = new ReuseTimeline();
  const attributes = { [ID]: "main#1", [USE]: 2, "rockpool.backend.pid": 4711 };
  const checkout = span({
    startTimeUnixMillis: 1_000,
    endTimeUnixMillis: 9_000,
    attributes: { ...attributes, "rockpool.acquire.wait_time": 0.1 },
  });
  const leak = span({
    name: "pool.leak",
    traceId: checkout.traceId,
    parentSpanId: checkout.spanId,
    startTimeUnixMillis: 1_100,
    endTimeUnixMillis: 3_100,
    attributes: { ...attributes, ...LEAK },
  });
  const query = span({
    name: "select 1",
    kind: "client",
    traceId: checkout.traceId,
    parentSpanId: checkout.spanId,
    startTimeUnixMillis: 1_200,
    endTimeUnixMillis: 1_300,
    attributes: { [ID]: "main#1" },
  });
  const expected = {
    suspectedUnixMillis: 3_100,
    functionName: "main",
    filePath: "/srv/main.js",
    line: 5,
    column: 6,
    stack: LEAK["code.stacktrace"],
  };
  timeline.add([query, leak]);
  const [held] = timeline.snapshot().lanes;
  expect(held).toMatchObject({ backendPid: 4711, closed: null, looseQueries: [] });
  expect(held?.checkouts).toMatchObject([
    {
      spanId: checkout.spanId,
      useCount: 2,
      acquiredUnixMillis: 1_100,
      releasedUnixMillis: null,
      leak: expected,
      queries: [{ summary: "select 1" }],
    },
  ]);
  timeline.add([checkout]);
  expect(timeline.snapshot().lanes[0]?.checkouts).toMatchObject([
    { requestedUnixMillis: 1_000, releasedUnixMillis: 9_000, leak: expected },
  ]);
});

test("a suspected leak is over when its connection is used again or closed", () => {
  const leak = (id: string) => span({ name: "pool.leak", attributes: { [ID]: id, [USE]: 1, ...LEAK } });
  const timeline = new ReuseTimeline();
  timeline.add([leak("main#1"), leak("main#2"), leak("main#3")]);
  timeline.add([
    span({ attributes: { [ID]: "main#1", [USE]: 2 } }),
    span({ name: "connection.close", attributes: { [ID]: "main#2", [USE]: 1 } }),
  ]);
  const held = timeline
    .snapshot()
    .lanes.map((lane) => lane.checkouts.filter(({ releasedUnixMillis }) => releasedUnixMillis === null));
  expect(held.map((checkouts) => checkouts.length)).toEqual([0, 0, 1]);
});

test("a leak that only the checkout's own event tells of has no place", () => {
  const timeline = new ReuseTimeline();
  timeline.add([
    span({
      attributes: { [ID]: "main#1", [USE]: 1 },
      events: [{ name: "leak_suspected", timeUnixMillis: 7, attributes: {} }],
    }),
  ]);
  expect(timeline.snapshot().lanes[0]?.checkouts[0]?.leak).toEqual({
    suspectedUnixMillis: 7,
    functionName: null,
    filePath: null,
    line: null,
    column: null,
    stack: null,
  });
});

test("a leak of pool.query() is over when its query has ended, also where checkouts have no spans", () => {
  const timeline = new ReuseTimeline();
  const attributes = { [ID]: "main#1", [USE]: 1 };
  timeline.add([
    span({ name: "pool.leak", attributes: { ...attributes, ...LEAK } }),
    span({ name: "select", kind: "client", endTimeUnixMillis: 9, attributes }),
  ]);
  expect(timeline.snapshot().lanes[0]?.checkouts).toMatchObject([
    { useCount: 1, isImplicit: true, releasedUnixMillis: 9, leak: { line: 5 } },
  ]);
});
