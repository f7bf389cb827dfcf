import type { NodeSDKConfiguration } from "@opentelemetry/sdk-node";

type View = NodeSDKConfiguration["views"][number];

/** `AggregationType.EXPLICIT_BUCKET_HISTOGRAM` of `@opentelemetry/sdk-metrics`, the same number in both SDK lines. */
const EXPLICIT_BUCKET_HISTOGRAM = 4;

/** The buckets that the convention advises for `db.client.operation.duration`, in seconds. */
const OPERATION_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** A warm pool answers in microseconds and a starved one in seconds, so a wait needs both ends. */
const WAIT_SECONDS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30];

/** From a local socket without TLS to a connect timeout. */
const CREATE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** From one indexed read to a report that holds its connection for minutes. */
const USE_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 300];

const RETURNED_ROWS = [1, 2, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 100_000];

/** How often a connection was used before it closed; 1 is a pool that reuses nothing. */
const CONNECTION_USES = [1, 2, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 100_000];

const BOUNDARIES: Readonly<Record<string, number[]>> = {
  "db.client.operation.duration": OPERATION_SECONDS,
  "db.client.connection.wait_time": WAIT_SECONDS,
  "db.client.connection.create_time": CREATE_SECONDS,
  "db.client.connection.use_time": USE_SECONDS,
  "db.client.response.returned_rows": RETURNED_ROWS,
  "rockpool.connection.uses": CONNECTION_USES,
};

/**
 * Returns one view for each histogram of the database conventions, with buckets that fit what it measures.
 *
 * A histogram that one of `others` selects is left out: two views of one instrument would report it twice.
 *
 * @see {@link https://opentelemetry.io/docs/specs/semconv/db/database-metrics/}
 */
export function databaseViews(others: readonly View[] = []): View[] {
  return Object.entries(BOUNDARIES)
    .filter(([name]) => !others.some((view) => selects(view, name)))
    .map(([instrumentName, boundaries]) => ({
      instrumentName,
      aggregation: { type: EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries } },
    }));
}

function selects(view: View, name: string): boolean {
  if (view.instrumentName === undefined) return false;
  const pattern = view.instrumentName
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`, "i").test(name);
}
