import { diag, trace } from "@opentelemetry/api";

/** Where every 1.x copy of `@opentelemetry/api` keeps what was registered. */
const GLOBAL_API: symbol = Symbol.for("opentelemetry.js.api.1");

let hasWarned = false;

/**
 * Warns once where an SDK is registered with an older `@opentelemetry/api` than the one that Rockpool resolved.
 *
 * The API then hands out a provider that records nothing, without a word: a library may use a global only of its own minor version
 * or a higher one.
 *
 * @see {@link https://github.com/open-telemetry/opentelemetry-js/blob/main/api/src/internal/semver.ts}
 */
export function warnOfApiSkew(): void {
  if (hasWarned) return;
  const version = skewedVersion();
  if (version === null) return;
  hasWarned = true;
  const message =
    `OpenTelemetry was started with @opentelemetry/api ${version}, which is older than the one that @rockpool/core resolved, ` +
    "so its spans and metrics are lost; make both resolve to one version";
  diag.warn(message);
  process.emitWarning(message, { type: "RockpoolWarning", code: "ROCKPOOL_OTEL_API_SKEW" });
}

/** The version that registered a provider which this copy of the API refuses to see; null where there is none. */
export function skewedVersion(): string | null {
  const registered: unknown = Reflect.get(globalThis, GLOBAL_API);
  if (typeof registered !== "object" || registered === null || !("trace" in registered)) return null;
  if (registered.trace === undefined || registered.trace === trace.getTracerProvider()) return null;
  return "version" in registered ? String(registered.version) : "unknown";
}
