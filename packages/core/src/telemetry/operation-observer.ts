import { performance } from "node:perf_hooks";
import { type Context, context, type Link, type Span, trace } from "@opentelemetry/api";
import type {
  ConnectionIdentity,
  ConnectionObserver,
  OperationEnd,
  OperationObservation,
  OperationStart,
  TransactionObservation,
  TransactionStart,
} from "../connection/observer.ts";
import type { Grant } from "../engine/ports.ts";
import { describeEnd } from "./failure.ts";
import type { TelemetryParts } from "./parts.ts";
import { commentFor } from "./query-comment.ts";
import { endSpan } from "./span-steps.ts";
import type { DescribedStatement } from "./statement-book.ts";

/** Where an operation belongs in the caller's trace, and what else its span tells. */
export interface Place {
  readonly parent: Context;
  /** How `pool.query()` got its connection; null for every other operation. */
  readonly implicit: { readonly grant: Grant; readonly useCount: number } | null;
  readonly links?: Link[];
}

/** Finds the place of an operation; null where it is of no interest. */
export type PlaceFinder = (
  active: Context,
  scope: object | null,
  connection: ConnectionIdentity,
) => Place | null;

const NO_LINKS: Link[] = [];

/** Turns the operations of connections into query spans and into the operation metric. */
export class OperationObserver implements ConnectionObserver {
  readonly #parts: TelemetryParts;
  readonly #placeOf: PlaceFinder;

  constructor(parts: TelemetryParts, placeOf: PlaceFinder) {
    this.#parts = parts;
    this.#placeOf = placeOf;
  }

  get isListening(): boolean {
    return this.#parts.tracers.get() !== null || this.#parts.meters.get() !== null;
  }

  get shield(): (<T>(call: () => T) => T) | null {
    return this.#parts.shield.wrap;
  }

  started(connection: ConnectionIdentity, operation: OperationStart): OperationObservation | null {
    const parts = this.#parts;
    const tracer = parts.tracers.get();
    const metrics = parts.meters.get();
    if ((tracer === null && metrics === null) || parts.shield.defers) return null;
    const place = this.#placeOf(context.active(), operation.scope, connection);
    if (place === null) return null;
    const endpoint = parts.endpointOf(connection);
    const statement = endpoint.statements.describe(operation);
    if (tracer === null) return new Observation(parts, { connection, statement, span: null, comment: null });
    const { name, attributes } = statement;
    const span = parts.spans.query(tracer, place.parent, {
      name,
      attributes,
      links: place.links ?? NO_LINKS,
    });
    parts.spans.queryStarted(span, connection, place.implicit);
    const comment = commentFor(parts.settings.queryComment, operation, span.spanContext());
    return new Observation(parts, { connection, statement, span, comment });
  }

  transactionStarted(connection: ConnectionIdentity, start: TransactionStart): TransactionObservation | null {
    const tracer = this.#parts.tracers.get();
    if (tracer === null) return null;
    const place = this.#placeOf(context.active(), start.scope, connection);
    if (place === null) return null;
    const { spans } = this.#parts;
    const span = spans.transaction(tracer, place.parent, connection.id, start);
    return {
      run: (attempt) => context.with(trace.setSpan(context.active(), span), attempt),
      end: (end) => spans.transactionEnded(span, end),
    };
  }
}

/** One operation under way. */
class Observation implements OperationObservation {
  readonly comment: string | null;
  readonly #parts: TelemetryParts;
  readonly #connection: ConnectionIdentity;
  readonly #statement: DescribedStatement;
  readonly #span: Span | null;
  readonly #startedAt: number = performance.now();

  constructor(
    parts: TelemetryParts,
    operation: {
      connection: ConnectionIdentity;
      statement: DescribedStatement;
      span: Span | null;
      comment: string | null;
    },
  ) {
    this.#parts = parts;
    this.#connection = operation.connection;
    this.#statement = operation.statement;
    this.#span = operation.span;
    this.comment = operation.comment;
  }

  end(end: OperationEnd): void {
    const failure = end.error === null ? null : describeEnd(end);
    const { meters, settings, spans } = this.#parts;
    meters.get()?.operation(performance.now() - this.#startedAt, {
      endpoint: this.#parts.endpointOf(this.#connection),
      summary: settings.querySummary === "metrics" ? this.#statement.summary : null,
      failure,
    });
    if (this.#span === null) return;
    if (failure !== null) spans.fail(this.#span, failure);
    endSpan(this.#span);
  }
}
