import { readVariables } from "../connections/dotenv.ts";

type Variables = Readonly<Record<string, string | null | undefined>>;

/** What lets a program report by itself: where to, how, and soon enough for a person who watches. */
export function receiverEnvironment(url: string): Readonly<Record<string, string>> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_METRIC_EXPORT_INTERVAL: "1000",
    // It may not be longer than the interval, and is half a minute by default.
    OTEL_METRIC_EXPORT_TIMEOUT: "1000",
    OTEL_BSP_SCHEDULE_DELAY: "500",
  };
}

/** What says that telemetry goes somewhere else already, or nowhere. */
const OWN_WAYS = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
  "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
  "OTEL_TRACES_EXPORTER",
  "OTEL_METRICS_EXPORTER",
  "OTEL_CONFIG_FILE",
  "OTEL_SDK_DISABLED",
] as const;

/** The first variable by which the user sends telemetry anywhere but here; null where there is none. */
export function ownTelemetryWay(url: string, environments: readonly Variables[]): string | null {
  const isElsewhere = (value: string | null | undefined): boolean => Boolean(value) && value !== url;
  return OWN_WAYS.find((name) => environments.some((variables) => isElsewhere(variables[name]))) ?? null;
}

/** What a launch configuration says of its program's environment. */
export interface LaunchEnvironment {
  /** Its `env`, of which anything may have been written. */
  readonly env: unknown;
  /** The text of its `envFile`; null where it has none. */
  readonly envFile: string | null;
}

/** The `env` of a launch whose program shall report; null where the launch sends its telemetry a way of its own. */
export function launchEnvironment(
  launch: LaunchEnvironment,
  variables: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> | null {
  const env = typeof launch.env === "object" && launch.env !== null ? { ...launch.env } : {};
  const text = launch.envFile;
  const inFile = text === null ? {} : readVariables(text);
  const isOwnWay = OWN_WAYS.some((name) => name in env || name in inFile);
  return isOwnWay ? null : { ...variables, ...env };
}
