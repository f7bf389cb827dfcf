/**
 * Every span of the pool: its name, kind, parent, attributes, links and events.
 *
 * Query and connect spans follow the database conventions for PostgreSQL; the others have no convention to follow.
 *
 * @see {@link https://opentelemetry.io/docs/specs/semconv/db/postgresql/}
 * @see {@link https://opentelemetry.io/docs/specs/semconv/general/recording-errors/}
 */
import {
  type Attributes,
  type Context,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
} from "@opentelemetry/api";
import type { ConnectionIdentity, TransactionEnd, TransactionStart } from "../connection/observer.ts";
import type { TransactionStatus } from "../connection/session-state.ts";
import type { CloseReason, Grant } from "../engine/ports.ts";
import { codeAttributes, placeAttributes } from "./code-attributes.ts";
import type { Endpoint } from "./endpoint.ts";
import { describeEnd, type Failure } from "./failure.ts";
import type { Moment } from "./moment.ts";
import * as names from "./names.ts";
import type { CallSite } from "./pool-telemetry.ts";
import * as semconv from "./semconv.ts";
import { endSpan, startSpan } from "./span-steps.ts";
import { seconds } from "./units.ts";

const TO_SETUP: Attributes = Object.freeze({ [names.LINK_TYPE]: names.LINK_CONNECTION_SETUP });
const TO_PREVIOUS: Attributes = Object.freeze({ [names.LINK_TYPE]: names.LINK_PREVIOUS_CHECKOUT });

/** What is known of a connection at the moment of one use. */
export interface UseFacts {
  readonly identity: ConnectionIdentity;
  readonly useCount: number;
  readonly ageMillis: number;
  /** The span that opened the connection and the checkout before this one, where there were any. */
  readonly setup: SpanContext | null;
  readonly previousCheckout: SpanContext | null;
}

/** Makes the spans of one pool. */
export class Spans {
  readonly #pool: Attributes;
  readonly #capturesServerMessage: boolean;

  constructor(poolName: string, options: { capturesServerMessage: boolean }) {
    this.#pool = Object.freeze({ [semconv.POOL_NAME]: poolName });
    this.#capturesServerMessage = options.capturesServerMessage;
  }

  /** @param start - when the checkout began, where it was not known then to deserve a span. */
  checkout(tracer: Tracer, parent: Context, start: Moment | null): Span {
    const options = { kind: SpanKind.INTERNAL, attributes: this.#pool };
    if (start === null) return startSpan(tracer, names.SPAN_CHECKOUT, options, parent);
    return startSpan(tracer, names.SPAN_CHECKOUT, { ...options, startTime: start.unixMillis }, parent);
  }

  checkoutGranted(span: Span, facts: UseFacts, grant: Grant): void {
    if (!span.isRecording()) return;
    const { identity } = facts;
    span.setAttributes({
      [names.CONNECTION_ID]: identity.id,
      ...(identity.backendPid === null ? {} : { [names.BACKEND_PID]: identity.backendPid }),
      [names.CONNECTION_REUSED]: facts.useCount > 1,
      [names.CONNECTION_USE_COUNT]: facts.useCount,
      [names.CONNECTION_AGE]: seconds(facts.ageMillis),
      [names.CONNECTION_IDLE_TIME]: seconds(grant.idleMillis),
      [names.ACQUIRE_SOURCE]: grant.source,
      [names.ACQUIRE_WAIT_TIME]: seconds(grant.waitMillis),
    });
    span.addLinks(links(facts));
  }

  /** The stack is made into text only for a span that is recorded. */
  callSite(span: Span, caller: CallSite | null): void {
    const stack = caller !== null && span.isRecording() ? caller.stack : undefined;
    if (stack !== undefined) span.setAttributes(placeAttributes(stack));
  }

  discarded(span: Span, reason: CloseReason): void {
    span.addEvent(names.EVENT_DISCARDED, { [names.CLOSE_REASON]: reason });
  }

  cancelling(span: Span): void {
    span.addEvent(names.EVENT_CANCEL_REQUESTED);
  }

  transactionStatus(span: Span, status: TransactionStatus): void {
    span.addEvent(names.EVENT_TRANSACTION_STATUS, { [names.TX_STATUS]: status });
  }

  leakSuspected(span: Span): void {
    span.addEvent(names.EVENT_LEAK_SUSPECTED);
  }

  /**
   * A checkout is exported when it ends, which a leaked one may never do: this span ends at once, and says who holds the
   * connection while it is held.
   */
  leak(
    tracer: Tracer,
    parent: Context,
    lease: { startMillis: number; endMillis: number; facts: UseFacts; stack: string | null },
  ): void {
    const { kind, attributes } = this.#lifecycle(lease.facts);
    const span = startSpan(
      tracer,
      names.SPAN_LEAK,
      { kind, attributes, startTime: lease.startMillis },
      parent,
    );
    if (span.isRecording()) {
      span.setAttribute(names.CONNECTION_USE_COUNT, lease.facts.useCount);
      if (lease.stack !== null) span.setAttributes(codeAttributes(lease.stack));
    }
    endSpan(span, lease.endMillis);
  }

  /** Told after the fact: a start without an end of its own kind would mix two clocks. */
  wait(
    tracer: Tracer,
    parent: Context,
    { start, endMillis, failure }: { start: Moment; endMillis: number; failure: Failure | null },
  ): void {
    const options = { kind: SpanKind.INTERNAL, attributes: this.#pool, startTime: start.unixMillis };
    const span = startSpan(tracer, names.SPAN_WAIT, options, parent);
    if (failure !== null) this.fail(span, failure);
    endSpan(span, start.unixMillis + endMillis - start.millis);
  }

  connect(tracer: Tracer, parent: Context, details: { endpoint: Endpoint; id: string }): Span {
    return startSpan(
      tracer,
      connectName(details.endpoint),
      {
        kind: SpanKind.CLIENT,
        attributes: { ...details.endpoint.attributes, ...this.#pool, [names.CONNECTION_ID]: details.id },
      },
      parent,
    );
  }

  /** @param took - the server that took the connection; null where it is the one expected. */
  connected(span: Span, identity: ConnectionIdentity, took: Endpoint | null): void {
    if (!span.isRecording()) return;
    // The port is told even where it is the usual one: that of the server expected stands there already.
    if (took !== null) {
      span.updateName(connectName(took));
      span.setAttributes({ ...took.attributes, [semconv.SERVER_PORT]: identity.port });
    }
    if (identity.backendPid !== null) span.setAttribute(names.BACKEND_PID, identity.backendPid);
  }

  /** @param options.name - the summary, or the namespace where there is none. */
  query(
    tracer: Tracer,
    parent: Context,
    options: { name: string; attributes: Attributes; links: Link[] },
  ): Span {
    return startSpan(
      tracer,
      options.name,
      { kind: SpanKind.CLIENT, attributes: options.attributes, links: options.links },
      parent,
    );
  }

  /** @param grant - how `pool.query()` got its connection, so that one span tells it all; null for a lease. */
  queryStarted(
    span: Span,
    identity: ConnectionIdentity,
    implicit: { grant: Grant; useCount: number } | null,
  ): void {
    if (!span.isRecording()) return;
    span.setAttribute(names.CONNECTION_ID, identity.id);
    if (implicit === null) return;
    span.setAttributes({
      [names.CONNECTION_USE_COUNT]: implicit.useCount,
      [names.ACQUIRE_SOURCE]: implicit.grant.source,
      [names.ACQUIRE_WAIT_TIME]: seconds(implicit.grant.waitMillis),
    });
  }

  transaction(tracer: Tracer, parent: Context, id: string, start: TransactionStart): Span {
    return startSpan(
      tracer,
      names.SPAN_TRANSACTION,
      {
        kind: SpanKind.INTERNAL,
        attributes: {
          ...this.#pool,
          [names.CONNECTION_ID]: id,
          [names.TX_ISOLATION]: start.isolation ?? "default",
          [names.TX_ATTEMPT]: start.attempt,
        },
      },
      parent,
    );
  }

  transactionEnded(span: Span, end: TransactionEnd): void {
    span.setAttribute(names.TX_OUTCOME, end.outcome);
    // The convention: an error that was retried is no error of the operation. Nor is a rollback that the caller asked for.
    if (end.error !== null && !end.isRetried) this.fail(span, describeEnd(end));
    endSpan(span);
  }

  /** Off by default: what the pool does for itself is a root, tied to the connection by its links. */
  maintenance(tracer: Tracer, kind: "reset" | "validate", facts: UseFacts): Span {
    const name = kind === "reset" ? names.SPAN_RESET : names.SPAN_VALIDATE;
    return startSpan(tracer, name, this.#lifecycle(facts), ROOT_CONTEXT);
  }

  /** Off by default. */
  closed(
    tracer: Tracer,
    facts: UseFacts,
    { reason, startMillis, endMillis }: { reason: CloseReason; startMillis: number; endMillis: number },
  ): void {
    const options = { ...this.#lifecycle(facts), startTime: startMillis };
    const span = startSpan(tracer, names.SPAN_CLOSE, options, ROOT_CONTEXT);
    span.setAttributes({
      [names.CONNECTION_USE_COUNT]: facts.useCount,
      [names.CONNECTION_AGE]: seconds(facts.ageMillis),
      [names.CLOSE_REASON]: reason,
    });
    endSpan(span, endMillis);
  }

  /** Says on a span that its operation failed, and why; success is said by saying nothing. */
  fail(span: Span, failure: Failure): void {
    if (!span.isRecording()) return;
    span.setAttribute(semconv.ERROR_TYPE, failure.type);
    if (failure.sqlstate !== null) span.setAttribute(semconv.DB_RESPONSE_STATUS_CODE, failure.sqlstate);
    span.setStatus({ code: SpanStatusCode.ERROR, ...this.#describe(failure) });
  }

  #describe(failure: Failure): { message?: string } {
    const told = this.#capturesServerMessage ? failure.serverMessage : null;
    const message = told ?? failure.description;
    return message === null ? {} : { message };
  }

  #lifecycle(facts: UseFacts): { kind: SpanKind; attributes: Attributes; links: Link[] } {
    const { id, backendPid } = facts.identity;
    return {
      kind: SpanKind.INTERNAL,
      attributes: {
        ...this.#pool,
        [names.CONNECTION_ID]: id,
        ...(backendPid === null ? {} : { [names.BACKEND_PID]: backendPid }),
      },
      links: links(facts),
    };
  }
}

/** Links to what can be found: a span that was not sampled was never exported. */
export function links(facts: Pick<UseFacts, "setup" | "previousCheckout">): Link[] {
  const found: Link[] = [];
  if (isSampled(facts.setup)) found.push(link(facts.setup, TO_SETUP));
  if (isSampled(facts.previousCheckout)) {
    found.push(link(facts.previousCheckout, TO_PREVIOUS));
  }
  return found;
}

function link(target: SpanContext, attributes: Attributes): Link {
  return { context: target, attributes };
}

function isSampled(target: SpanContext | null): target is SpanContext {
  return target !== null && (target.traceFlags & TraceFlags.SAMPLED) !== 0;
}

function connectName({ database }: Endpoint): string {
  return database === "" ? names.SPAN_CONNECT : `${names.SPAN_CONNECT} ${database}`;
}
