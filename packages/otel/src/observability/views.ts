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

/** The scope of core's instruments. */
const METER = "@rockpool/core";

interface DatabaseHistogram {
  readonly name: string;
  readonly unit: string;
  readonly boundaries: number[];
}

const HISTOGRAMS: readonly DatabaseHistogram[] = [
  { name: "db.client.operation.duration", unit: "s", boundaries: OPERATION_SECONDS },
  { name: "db.client.connection.wait_time", unit: "s", boundaries: WAIT_SECONDS },
  { name: "db.client.connection.create_time", unit: "s", boundaries: CREATE_SECONDS },
  { name: "db.client.connection.use_time", unit: "s", boundaries: USE_SECONDS },
  { name: "db.client.response.returned_rows", unit: "{row}", boundaries: RETURNED_ROWS },
  { name: "rockpool.connection.uses", unit: "{use}", boundaries: CONNECTION_USES },
];

/**
 * Returns one view for each histogram of the database conventions, with buckets that fit what it measures.
 *
 * A histogram of Rockpool's that one of `others` selects is left out: two views of one instrument would report it twice.
 *
 * @see {@link https://opentelemetry.io/docs/specs/semconv/db/database-metrics/}
 */
export function databaseViews(others: readonly View[] = []): View[] {
  return HISTOGRAMS.filter((histogram) => !others.some((view) => selects(view, histogram))).map(
    ({ name, boundaries }) => ({
      instrumentName: name,
      aggregation: { type: EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries } },
    }),
  );
}

/** What a view does not name, it does not ask for. */
function selects(view: View, { name, unit }: DatabaseHistogram): boolean {
  return (
    matches(view.instrumentName ?? "*", name) &&
    (view.instrumentType ?? "HISTOGRAM") === "HISTOGRAM" &&
    (view.instrumentUnit ?? unit) === unit &&
    (view.meterName ?? METER) === METER
  );
}

function matches(wildcards: string, name: string): boolean {
  const pattern = wildcards
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${pattern}$`, "i").test(name);
}
