import type { AttributeValue, ReceivedMetric, ReceivedSpan } from "@rockpool/otel/timeline";

const NO_TIMES = { startTimeUnixMillis: 0, timeUnixMillis: 0 };

/** Who sends: a program by name and process. */
export function sender(serviceName: string, process: string): Record<string, AttributeValue> {
  const [pid, host] = process.split("@");
  return { "service.name": serviceName, "process.pid": Number(pid), "host.name": host ?? "box" };
}

/** The numbers of a pool as a program reports them. */
export function numbers(
  resource: Record<string, AttributeValue>,
  pool: string,
  values: { used?: number; idle?: number; max?: number; pending?: number },
): ReceivedMetric[] {
  const point = (value: number, more: Record<string, AttributeValue> = {}) => ({
    ...NO_TIMES,
    value,
    attributes: { "db.client.connection.pool.name": pool, ...more },
  });
  const state = (name: "used" | "idle") => point(values[name] ?? 0, { "db.client.connection.state": name });
  return [
    metric(resource, "count", [state("used"), state("idle")]),
    metric(resource, "limit", [point(values.max ?? 10)]),
    metric(resource, "pending_requests", [point(values.pending ?? 0)]),
  ];
}

function metric(
  resource: Record<string, AttributeValue>,
  name: string,
  points: readonly { value: number; attributes: Record<string, AttributeValue> }[],
): ReceivedMetric {
  return {
    name: `db.client.connection.${name}`,
    description: "",
    unit: "",
    scopeName: "test",
    resource,
    data: {
      type: "sum",
      isMonotonic: false,
      temporality: "cumulative",
      points: points.map((one) => ({ ...NO_TIMES, ...one })),
    },
  };
}

let lastId = 0;

export function span(
  resource: Record<string, AttributeValue>,
  changes: Partial<ReceivedSpan> & Pick<ReceivedSpan, "name">,
): ReceivedSpan {
  lastId += 1;
  const spanId = lastId.toString(16).padStart(16, "0");
  return {
    traceId: `0af7651916cd43dd${spanId}`,
    spanId,
    parentSpanId: null,
    kind: "internal",
    startTimeUnixMillis: 0,
    endTimeUnixMillis: 0,
    attributes: {},
    events: [],
    links: [],
    status: "unset",
    statusMessage: "",
    scopeName: "@rockpool/core",
    resource,
    ...changes,
  };
}

/** One use of a connection of the pool `shop`. */
export function checkout(
  resource: Record<string, AttributeValue>,
  connection: number,
  [start, end]: readonly [number, number],
  useCount = 1,
): ReceivedSpan {
  return span(resource, {
    name: "pool.checkout",
    startTimeUnixMillis: start,
    endTimeUnixMillis: end,
    attributes: {
      "db.client.connection.pool.name": "shop",
      "rockpool.connection.id": `shop#${connection}`,
      "rockpool.connection.use_count": useCount,
      "rockpool.backend.pid": 4_000 + connection,
    },
  });
}
