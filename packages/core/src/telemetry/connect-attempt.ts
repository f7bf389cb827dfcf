import { performance } from "node:perf_hooks";
import { type Context, context, ROOT_CONTEXT, type Span, trace } from "@opentelemetry/api";
import type { ConnectionIdentity, ConnectionObserver } from "../connection/observer.ts";
import { warnOfApiSkew } from "./api-skew.ts";
import { CheckoutTrace } from "./checkout-trace.ts";
import { ConnectionLife } from "./connection-life.ts";
import type { Endpoint } from "./endpoint.ts";
import { describeFailure } from "./failure.ts";
import { OperationObserver } from "./operation-observer.ts";
import type { TelemetryParts } from "./parts.ts";
import type { Checkout, ConnectionTrace, ConnectTrace } from "./pool-telemetry.ts";
import { endSpan } from "./span-steps.ts";

/** One attempt to open a connection: a CONNECT span under the checkout that demanded it, a root in the background. */
export class ConnectAttempt implements ConnectTrace {
  readonly observer: ConnectionObserver;
  readonly #parts: TelemetryParts;
  readonly #expected: Endpoint;
  readonly #span: Span | null;
  readonly #startedAt: number = performance.now();
  #hasEnded = false;

  constructor(
    parts: TelemetryParts,
    attempt: { id: string; endpoint: Endpoint; demandedBy: Checkout | null },
  ) {
    this.#parts = parts;
    this.#expected = attempt.endpoint;
    warnOfApiSkew();
    const tracer = parts.shield.defers ? null : parts.tracers.get();
    const parent = attempt.demandedBy instanceof CheckoutTrace ? attempt.demandedBy.ownContext : ROOT_CONTEXT;
    this.#span = tracer === null ? null : parts.spans.connect(tracer, parent, attempt);
    const own = this.#span === null ? parent : trace.setSpan(parent, this.#span);
    this.observer = new OperationObserver(parts, (active) => ({
      parent: underConnect(active, own),
      implicit: null,
    }));
  }

  run<T>(connect: () => T): T {
    return context.with(ROOT_CONTEXT, connect);
  }

  opened(identity: ConnectionIdentity): ConnectionTrace {
    const life = new ConnectionLife(this.#parts, { identity, setup: this.#span?.spanContext() ?? null });
    if (this.#hasEnded) return life;
    this.#hasEnded = true;
    this.#parts.meters.get()?.connected(performance.now() - this.#startedAt);
    if (this.#span !== null) {
      const took = life.endpoint === this.#expected ? null : life.endpoint;
      this.#parts.spans.connected(this.#span, identity, took);
      endSpan(this.#span);
    }
    return life;
  }

  failed(error: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#span === null) return;
    this.#parts.spans.fail(this.#span, describeFailure(error));
    endSpan(this.#span);
  }
}

/** The hooks of a connect run outside every caller's context, so only a span of their own counts. */
function underConnect(active: Context, connect: Context): Context {
  return trace.getSpan(active) === undefined ? connect : active;
}
