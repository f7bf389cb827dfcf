import type { NodeSDKConfiguration } from "@opentelemetry/sdk-node";
import type { SqlCommenterOptions } from "../sql-commenter/sql-commenter.ts";

/** The options of `NodeSDK` that mean the same in both supported SDK lines; each of them goes to `NodeSDK` as it is. */
type SharedSdkOptions = Pick<
  Partial<NodeSDKConfiguration>,
  | "autoDetectResources"
  | "contextManager"
  | "idGenerator"
  | "instrumentations"
  | "logRecordProcessors"
  | "metricReaders"
  | "resource"
  | "resourceDetectors"
  | "sampler"
  | "spanLimits"
  | "spanProcessors"
  | "textMapPropagator"
  | "traceExporter"
  | "views"
>;

/**
 * What `startObservability` accepts.
 *
 * Everything that is absent comes from the standard `OTEL_*` variables and, where those are unset, from the SDK's defaults:
 * OTLP over HTTP with protobuf to `http://localhost:4318`, for spans, metrics and logs.
 *
 * @see {@link https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/}
 */
export interface ObservabilityOptions extends SharedSdkOptions {
  /** The service's name where `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` give none. Default: `unknown_service:node`. */
  serviceName?: string;
  /** Whether the histograms of the database conventions get buckets of their own. Default: true. */
  databaseViews?: boolean;
  /** Whether `@opentelemetry/instrumentation-pg` stays on where `instrumentations` holds it. Default: false. */
  keepPgInstrumentation?: boolean;
  /** Appends the trace context to SQL that is not prepared; an object adds tags. Default: false. */
  sqlCommenter?: boolean | SqlCommenterOptions;
  /** Whether to send what is buffered on SIGTERM, SIGINT and when the event loop runs empty. Default: true. */
  flushOnExit?: boolean;
  /** How long a flush or the shutdown may take, in milliseconds; at least 1. Default: 5 000. */
  shutdownTimeoutMillis?: number;
}

/** The options that a declarative configuration file replaces. */
export const REPLACED_BY_FILE: readonly (keyof ObservabilityOptions)[] = [
  "serviceName",
  "autoDetectResources",
  "contextManager",
  "databaseViews",
  "idGenerator",
  "logRecordProcessors",
  "metricReaders",
  "resource",
  "resourceDetectors",
  "sampler",
  "spanLimits",
  "spanProcessors",
  "textMapPropagator",
  "traceExporter",
  "views",
];

const KNOWN: readonly string[] = [
  ...REPLACED_BY_FILE,
  "flushOnExit",
  "instrumentations",
  "keepPgInstrumentation",
  "shutdownTimeoutMillis",
  "sqlCommenter",
] satisfies (keyof ObservabilityOptions)[];

/** @throws {RangeError} An option is unknown: passed over, it would be telemetry that is missed too late. */
export function refuseUnknownOptions(options: ObservabilityOptions): void {
  const unknown = Object.keys(options).find((name) => !KNOWN.includes(name));
  if (unknown === undefined) return;
  throw new RangeError(
    `${unknown} is not an option of startObservability; the options are ${KNOWN.join(", ")}`,
  );
}
