import { type AttributeValue, attributesFrom } from "../../src/model/attributes.ts";
import type { ReceivedSpan } from "../../src/model/span.ts";

let lastId = 0;

/** A fresh id of eight bytes. */
export function newSpanId(): string {
  lastId += 1;
  return lastId.toString(16).padStart(16, "0");
}

/** A fresh id of sixteen bytes. */
export function newTraceId(): string {
  return newSpanId() + newSpanId();
}

/** A received span with defaults for all that a test does not care about. */
export function span(
  given: Partial<Omit<ReceivedSpan, "attributes" | "resource">> & {
    attributes?: Record<string, AttributeValue>;
    resource?: Record<string, AttributeValue>;
  },
): ReceivedSpan {
  return {
    traceId: newTraceId(),
    spanId: newSpanId(),
    parentSpanId: null,
    name: "pool.checkout",
    kind: "internal",
    startTimeUnixMillis: 0,
    endTimeUnixMillis: 0,
    events: [],
    links: [],
    status: "unset",
    statusMessage: "",
    scopeName: "@rockpool/core",
    ...given,
    attributes: attributesFrom(Object.entries(given.attributes ?? {})),
    resource: attributesFrom(
      Object.entries(given.resource ?? { "service.name": "orders", "process.pid": 7 }),
    ),
  };
}
