import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import type { QueryComment } from "./query-comment.ts";

/** Which checkouts become a `pool.checkout` span. */
export type CheckoutSpans = "always" | "explicit" | "contended" | "never";

/** What to do where `@opentelemetry/instrumentation-pg` has patched the driver too. */
export type PgInstrumentationPolicy = "suppress" | "defer" | "both";

/** What a pool tells OpenTelemetry, and where. Every option has a default; none is needed. */
export interface TelemetryOptions {
  /**
   * Which checkouts become a span: every one; only those that the caller asked for, so none for `pool.query()`; only those that
   * waited, opened a connection or failed; none. The queries carry the identity of their connection in any case.
   * Default: `always`.
   */
  checkoutSpans?: CheckoutSpans | undefined;
  /**
   * Whether query spans are named after a summary of their statement and carry it; `metrics` puts it on
   * `db.client.operation.duration` as well, one series per summary. Default: true.
   */
  querySummary?: boolean | "metrics" | undefined;
  /**
   * Whether query spans carry the text: as it is where the values travel apart, without its literals otherwise. `sanitized` takes
   * the literals out of every text. Default: true.
   */
  queryText?: boolean | "sanitized" | undefined;
  /** Whether the status of a failed span says what the server said, which can quote values. Default: false. */
  captureServerMessage?: boolean | undefined;
  /** Whether a reset, a validation and the end of a connection become spans of their own. Default: false. */
  lifecycleSpans?: boolean | undefined;
  /**
   * Whether a checkout's span names the line of the program that asked for the connection (`code.file.path`, `code.line.number`).
   * Each checkout then takes a stack, which costs some microseconds: meant for development. Default: false.
   */
  callSites?: boolean | undefined;
  /**
   * Where `@opentelemetry/instrumentation-pg` is at work too: hide the driver from it, leave the query and connect spans to it, or
   * let both speak. Default: `suppress`.
   */
  onPgInstrumentation?: PgInstrumentationPolicy | undefined;
  /**
   * Gives the comment that follows a statement on the wire, such as `sqlComment()` of `@rockpool/otel`; never asked for a prepared
   * statement. Default: what `startObservability({ sqlCommenter })` set for the process, else none.
   */
  queryComment?: QueryComment | undefined;
  /** Default: the global one. */
  tracerProvider?: TracerProvider | undefined;
  /** Default: the global one, also where it is set later. */
  meterProvider?: MeterProvider | undefined;
}

/** The options with every default in place; a provider of null is the global one. */
export interface TelemetrySettings {
  readonly checkoutSpans: CheckoutSpans;
  readonly querySummary: boolean | "metrics";
  readonly queryText: boolean | "sanitized";
  readonly capturesServerMessage: boolean;
  readonly hasLifecycleSpans: boolean;
  readonly namesCallSites: boolean;
  readonly onPgInstrumentation: PgInstrumentationPolicy;
  /** Null is that of the process, if it has one. */
  readonly queryComment: QueryComment | null;
  readonly tracerProvider: TracerProvider | null;
  readonly meterProvider: MeterProvider | null;
}

/** Puts the defaults in place. */
export function resolveTelemetryOptions(options: TelemetryOptions): TelemetrySettings {
  return {
    checkoutSpans: options.checkoutSpans ?? "always",
    querySummary: options.querySummary ?? true,
    queryText: options.queryText ?? true,
    capturesServerMessage: options.captureServerMessage ?? false,
    hasLifecycleSpans: options.lifecycleSpans ?? false,
    namesCallSites: options.callSites ?? false,
    onPgInstrumentation: options.onPgInstrumentation ?? "suppress",
    queryComment: options.queryComment ?? null,
    tracerProvider: options.tracerProvider ?? null,
    meterProvider: options.meterProvider ?? null,
  };
}
