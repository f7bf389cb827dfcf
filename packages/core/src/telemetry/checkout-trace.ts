import { performance } from "node:perf_hooks";
import { type Context, context, ROOT_CONTEXT, type Span, type Tracer, trace } from "@opentelemetry/api";
import type { TransactionStatus } from "../connection/session-state.ts";
import type { CloseReason, Grant } from "../engine/ports.ts";
import { ConnectionLife } from "./connection-life.ts";
import { describeAbort, describeFailure, type Failure } from "./failure.ts";
import { type Moment, moment } from "./moment.ts";
import type { CheckoutSpans } from "./options.ts";
import type { TelemetryParts } from "./parts.ts";
import type { CallSite, Checkout, CheckoutKind, ConnectionTrace } from "./pool-telemetry.ts";
import { endSpan } from "./span-steps.ts";

/**
 * One checkout, with or without a span of its own.
 *
 * Invariants:
 * - The span, if there is one, ends exactly once, at `failed`, `aborted` or `released`.
 * - Every parent is given explicitly, so it does not matter in whose context the pool happens to run.
 */
export class CheckoutTrace implements Checkout {
  readonly kind: CheckoutKind;
  readonly #parts: TelemetryParts;
  /** The context of the caller at the request; a root for a shared checkout, which serves many. */
  readonly #caller: Context;
  readonly #callerSpan: Span | undefined;
  readonly #callSite: CallSite | null;
  #span: Span | null = null;
  #context: Context | null = null;
  #connection: ConnectionLife | null = null;
  #grant: Grant | null = null;
  #waitingSince: Moment | null = null;
  /** Null where nobody wanted to know. */
  #grantedAt: number | null = null;
  #isDiscarded = false;
  #hasEnded = false;
  #startedLate = false;

  constructor(parts: TelemetryParts, kind: CheckoutKind, caller: CallSite | null = null) {
    this.#parts = parts;
    this.#callSite = caller;
    this.kind = kind;
    const tracer = parts.tracers.get();
    this.#caller = tracer === null || kind === "shared" ? ROOT_CONTEXT : context.active();
    if (tracer === null) return;
    this.#callerSpan = trace.getSpan(this.#caller);
    if (startsAtOnce(parts.settings.checkoutSpans, kind)) this.#start(tracer, null);
  }

  /** How `pool.query()` got its connection, for its one query to tell; null for a lease. */
  get implicit(): { grant: Grant; useCount: number } | null {
    if (this.kind !== "query" || this.#grant === null || this.#connection === null) return null;
    return { grant: this.#grant, useCount: this.#connection.useCount };
  }

  get connection(): ConnectionLife | null {
    return this.#connection;
  }

  /** Whether its span is the parent itself, so that the parent tells of the connection. */
  get hasSpan(): boolean {
    return this.#span !== null;
  }

  /** The checkout as a parent, or the caller where it has no span. */
  get ownContext(): Context {
    return this.#context ?? this.#caller;
  }

  /**
   * The parent of what its holder does in the active context: the span that the holder opened since the request, else the checkout.
   */
  parentIn(active: Context): Context {
    const span = trace.getSpan(active);
    if (this.kind === "shared") return span === undefined ? ROOT_CONTEXT : active;
    if (span === undefined || (this.#context !== null && span === this.#callerSpan)) return this.ownContext;
    return active;
  }

  waiting(): void {
    if (this.#parts.tracers.get() !== null) this.#waitingSince ??= moment(0);
  }

  granted(connection: ConnectionTrace, grant: Grant): void {
    if (!(connection instanceof ConnectionLife)) throw new Error("bug: a connection of another telemetry");
    connection.used(this);
    this.#connection = connection;
    this.#grant = grant;
    const tracer = this.#parts.tracers.get();
    const metrics = this.#parts.meters.get();
    if (tracer === null && metrics === null) return;
    this.#grantedAt = performance.now();
    metrics?.acquired(grant.source, grant.waitMillis);
    if (tracer !== null) this.#traceGrant(tracer, connection, grant);
  }

  failed(error: unknown): void {
    this.#fail(describeFailure(error));
  }

  aborted(reason: unknown): void {
    this.#fail(describeAbort(reason));
  }

  cancelling(): void {
    if (this.#span !== null && !this.#hasEnded) this.#parts.spans.cancelling(this.#span);
  }

  transaction(status: TransactionStatus): void {
    if (this.#span !== null && !this.#hasEnded) this.#parts.spans.transactionStatus(this.#span, status);
  }

  leakSuspected(stack: string | null): void {
    if (this.#hasEnded) return;
    if (this.#span !== null) this.#parts.spans.leakSuspected(this.#span);
    const tracer = this.#parts.tracers.get();
    if (tracer === null || this.#connection === null || this.#grantedAt === null) return;
    const endMillis = performance.now();
    const period = { startMillis: this.#grantedAt, endMillis };
    this.#parts.spans.leak(tracer, this.ownContext, {
      ...period,
      facts: this.#connection.facts(endMillis),
      stack,
    });
  }

  discarded(reason: CloseReason): void {
    if (this.#span === null || this.#hasEnded || this.#isDiscarded) return;
    this.#isDiscarded = true;
    this.#parts.spans.discarded(this.#span, reason);
  }

  released(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#connection?.unused();
    const metrics = this.#parts.meters.get();
    if (metrics === null && this.#span === null) return;
    const now = performance.now();
    if (this.#grantedAt !== null) metrics?.released(now - this.#grantedAt);
    if (this.#span !== null) this.#end(this.#span, now);
  }

  run<T>(callback: () => T): T {
    return this.#span === null
      ? callback()
      : context.with(trace.setSpan(context.active(), this.#span), callback);
  }

  #fail(failure: Failure): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const now = performance.now();
    if (failure.type === "acquire_timeout") this.#parts.meters.get()?.timedOut();
    const tracer = this.#parts.tracers.get();
    if (tracer === null) return;
    const start = this.#waitingSince ?? moment(0);
    if (this.#span === null && this.#mayStartLate()) this.#start(tracer, start);
    if (this.#span === null) return;
    if (this.#waitingSince !== null) {
      this.#parts.spans.wait(tracer, this.ownContext, { start, endMillis: now, failure });
    }
    this.#parts.spans.fail(this.#span, failure);
    this.#end(this.#span, now);
  }

  #traceGrant(tracer: Tracer, connection: ConnectionLife, grant: Grant): void {
    const endMillis = this.#grantedAt ?? performance.now();
    if (grant.source !== "idle" || grant.waitMillis > 0) this.#traceWait(tracer, grant, endMillis);
    if (this.#span !== null)
      this.#parts.spans.checkoutGranted(this.#span, connection.facts(endMillis), grant);
    connection.usedAs(this.#span?.spanContext() ?? null);
  }

  #traceWait(tracer: Tracer, { source, waitMillis }: Grant, endMillis: number): void {
    const start = this.#waitingSince ?? moment(waitMillis);
    if (this.#span === null && source !== "idle" && this.#mayStartLate()) this.#start(tracer, start);
    if (this.#span !== null && waitMillis > 0)
      this.#parts.spans.wait(tracer, this.ownContext, { start, endMillis, failure: null });
  }

  #mayStartLate(): boolean {
    return this.#parts.settings.checkoutSpans === "contended" && this.kind !== "shared";
  }

  #start(tracer: Tracer, start: Moment | null): void {
    this.#startedLate = start !== null;
    this.#span = this.#parts.spans.checkout(tracer, this.#caller, start);
    if (this.#parts.settings.namesCallSites) this.#parts.spans.callSite(this.#span, this.#callSite);
    this.#context = trace.setSpan(this.#caller, this.#span);
  }

  /** A start that was given needs an end that is given: the SDK would take the one from another clock. */
  #end(span: Span, now: number): void {
    if (this.#startedLate) endSpan(span, now);
    else endSpan(span);
  }
}

function startsAtOnce(which: CheckoutSpans, kind: CheckoutKind): boolean {
  return which === "always" || (which === "explicit" && kind === "explicit");
}
