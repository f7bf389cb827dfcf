import { performance } from "node:perf_hooks";
import { type Context, type Link, ROOT_CONTEXT, type SpanContext, trace } from "@opentelemetry/api";
import type { ConnectionIdentity } from "../connection/observer.ts";
import type { CloseReason } from "../engine/ports.ts";
import type { Endpoint } from "./endpoint.ts";
import { describeFailure } from "./failure.ts";
import type { TelemetryParts } from "./parts.ts";
import type { Checkout, ConnectionTrace, MaintenanceTrace } from "./pool-telemetry.ts";
import { endSpan } from "./span-steps.ts";
import { links, type UseFacts } from "./spans.ts";

/** What telemetry remembers of a physical connection from one checkout to the next. */
export class ConnectionLife implements ConnectionTrace {
  readonly identity: ConnectionIdentity;
  readonly endpoint: Endpoint;
  /** For a query that no checkout span ties to the connection. */
  readonly setupLinks: Link[];
  readonly #parts: TelemetryParts;
  readonly #setup: SpanContext | null;
  readonly #bornAt: number = performance.now();
  #useCount = 0;
  #lastCheckout: SpanContext | null = null;
  #holder: Checkout | null = null;
  #maintenance: Context | null = null;
  #closingAt: number | null = null;

  /** @param options.setup - the span that opened the connection; null where none was made. */
  constructor(parts: TelemetryParts, options: { identity: ConnectionIdentity; setup: SpanContext | null }) {
    this.#parts = parts;
    this.identity = options.identity;
    this.endpoint = parts.endpointOf(options.identity);
    this.#setup = options.setup;
    this.setupLinks = links({ setup: options.setup, previousCheckout: null });
    parts.lives.set(options.identity, this);
  }

  get useCount(): number {
    return this.#useCount;
  }

  /** The parent of what the pool runs on the connection for itself. */
  get ownContext(): Context {
    return this.#maintenance ?? ROOT_CONTEXT;
  }

  /** What holds of the use that begins or has begun. */
  facts(now: number): UseFacts {
    return {
      identity: this.identity,
      useCount: this.#useCount,
      ageMillis: now - this.#bornAt,
      setup: this.#setup,
      previousCheckout: this.#lastCheckout,
    };
  }

  /** @param holder - null where nobody wants to know of this use. */
  used(holder: Checkout | null): void {
    this.#useCount += 1;
    this.#holder = holder;
    if (holder === null) this.#lastCheckout = null;
  }

  /** @param checkout - the checkout that the next one comes after; null where it has no span. */
  usedAs(checkout: SpanContext | null): void {
    this.#lastCheckout = checkout;
  }

  unused(): void {
    this.#holder = null;
  }

  maintenance(kind: "reset" | "validate"): MaintenanceTrace | null {
    const tracer = this.#parts.settings.hasLifecycleSpans ? this.#parts.tracers.get() : null;
    if (tracer === null) return null;
    const span = this.#parts.spans.maintenance(tracer, kind, this.facts(performance.now()));
    this.#maintenance = trace.setSpan(ROOT_CONTEXT, span);
    return {
      ended: (error) => {
        this.#maintenance = null;
        if (error !== null) this.#parts.spans.fail(span, describeFailure(error));
        endSpan(span);
      },
    };
  }

  closing(): void {
    this.#closingAt ??= performance.now();
  }

  closed(reason: CloseReason): void {
    this.#holder?.discarded(reason);
    this.#parts.meters.get()?.closed(reason, this.#useCount);
    const tracer = this.#parts.settings.hasLifecycleSpans ? this.#parts.tracers.get() : null;
    if (tracer === null) return;
    const endMillis = performance.now();
    const startMillis = this.#closingAt ?? endMillis;
    this.#parts.spans.closed(tracer, this.facts(startMillis), { reason, startMillis, endMillis });
  }
}
