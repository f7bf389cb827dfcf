import { NodeSDK, type NodeSDKConfiguration } from "@opentelemetry/sdk-node";
import { installSqlCommenter } from "../sql-commenter/sql-commenter.ts";
import { configurationFile, startFromConfigurationFile } from "./configuration-file.ts";
import { installExitHooks } from "./exit-hooks.ts";
import { DISABLED_OBSERVABILITY, type Observability, RunningObservability } from "./observability.ts";
import {
  type ObservabilityOptions,
  REPLACED_BY_FILE,
  refuseUnknownOptions,
} from "./observability-options.ts";
import { withoutPgInstrumentation } from "./pg-instrumentation.ts";
import { isSdkRegistered } from "./providers.ts";
import { databaseViews } from "./views.ts";
import { warnOnce } from "./warn.ts";

let running: Observability | null = null;

/**
 * Starts the OpenTelemetry SDK with views for the database metrics, and returns the handle that flushes and ends it.
 *
 * Call it before the first pool is created, or load `@rockpool/otel/register` by `--import`: spans find the SDK at any time,
 * metrics of a pool that is older than the SDK may be lost. A second call while the first runs returns what the first started.
 * With `OTEL_CONFIG_FILE` set, that file decides everything but the instrumentations and the exit hooks.
 *
 * @param options.serviceName - The service's name where `OTEL_SERVICE_NAME` gives none.
 * @param options.shutdownTimeoutMillis - How long a flush may take, in milliseconds. Default: 5 000.
 * @throws {RangeError} An option is unknown, or `shutdownTimeoutMillis` is not a number of at least 1.
 * @example
 * import { startObservability } from "@rockpool/otel";
 *
 * await using observability = startObservability({ serviceName: "orders" });
 */
export function startObservability(options: ObservabilityOptions = {}): Observability {
  refuseUnknownOptions(options);
  const timeoutMillis = shutdownTimeout(options);
  if (process.env.OTEL_SDK_DISABLED?.trim().toLowerCase() === "true") return DISABLED_OBSERVABILITY;
  if (running !== null) {
    warnOnce(
      "ROCKPOOL_OTEL_STARTED_TWICE",
      "startObservability() was called while telemetry is running: the second call's options have no effect",
    );
    return running;
  }
  running = start(options, timeoutMillis);
  return running;
}

function start(options: ObservabilityOptions, timeoutMillis: number): Observability {
  const ownsProviders = !isSdkRegistered();
  if (!ownsProviders) warnAboutOtherSdk();
  const sdk = configurationFile() === null ? startFromCode(options) : startFromFile(options);
  const removeCommenter = installSqlCommenter(options.sqlCommenter ?? false);
  let removeHooks: () => void = () => {};
  const observability = new RunningObservability({
    sdk,
    timeoutMillis,
    ownsProviders,
    onShutdown: () => {
      running = null;
      removeHooks();
      removeCommenter();
    },
  });
  if (options.flushOnExit ?? true) removeHooks = installExitHooks(observability);
  return observability;
}

function startFromCode(options: ObservabilityOptions): NodeSDK {
  const { databaseViews: useViews = true, ...given } = options;
  const { keepPgInstrumentation, sqlCommenter, flushOnExit, shutdownTimeoutMillis, serviceName, ...shared } =
    given;
  const configuration: Partial<NodeSDKConfiguration> = {
    ...shared,
    instrumentations: chosenInstrumentations(options),
    views: useViews ? [...(options.views ?? []), ...databaseViews(options.views)] : (options.views ?? []),
  };
  if (serviceName !== undefined && !isServiceNamedByEnvironment()) configuration.serviceName = serviceName;
  const sdk = new NodeSDK(configuration);
  sdk.start();
  return sdk;
}

function startFromFile(options: ObservabilityOptions): { shutdown(): Promise<void> } {
  const ignored = REPLACED_BY_FILE.filter((name) => options[name] !== undefined);
  if (ignored.length > 0) {
    warnOnce(
      "ROCKPOOL_OTEL_OPTIONS_IGNORED",
      `OTEL_CONFIG_FILE is set: ${ignored.join(", ")} of startObservability() have no effect, state them in the file`,
    );
  }
  return startFromConfigurationFile({ instrumentations: chosenInstrumentations(options) });
}

function chosenInstrumentations(options: ObservabilityOptions): NodeSDKConfiguration["instrumentations"] {
  const instrumentations = options.instrumentations ?? [];
  return options.keepPgInstrumentation === true
    ? instrumentations
    : withoutPgInstrumentation(instrumentations);
}

/** `NodeSDK` lets its own option win over both variables, which would leave an operator no way to name a deployment. */
function isServiceNamedByEnvironment(): boolean {
  const attributes = process.env.OTEL_RESOURCE_ATTRIBUTES ?? "";
  return (
    Boolean(process.env.OTEL_SERVICE_NAME?.trim()) ||
    attributes.split(",").some((entry) => entry.trim().startsWith("service.name="))
  );
}

function shutdownTimeout(options: ObservabilityOptions): number {
  const millis = options.shutdownTimeoutMillis ?? 5_000;
  if (Number.isFinite(millis) && millis >= 1) return millis;
  throw new RangeError(`shutdownTimeoutMillis must be a number of at least 1, not ${millis}`);
}

function warnAboutOtherSdk(): void {
  warnOnce(
    "ROCKPOOL_OTEL_OTHER_SDK",
    "another OpenTelemetry SDK is registered in this process: telemetry goes where that SDK sends it; remove one of the two",
  );
}
