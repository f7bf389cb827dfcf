import { diag, type SpanContext } from "@opentelemetry/api";
import type { OperationStart } from "../connection/observer.ts";

/** Gives the comment to append to a statement's text, with its delimiters; null for none. */
export type QueryComment = (spanContext: SpanContext, text: string) => string | null;

/** Where `@rockpool/otel` leaves the comment of the process, so that it reaches pools of every copy of this package. */
const PROCESS_COMMENT: symbol = Symbol.for("rockpool.queryComment");

/**
 * The comment for one operation; null for what is prepared, since its text is fixed, and for COPY and LISTEN, which no plan
 * cache and no `pg_stat_activity` reader asks about.
 */
export function commentFor(
  own: QueryComment | null,
  operation: OperationStart,
  spanContext: SpanContext,
): string | null {
  if (operation.isPrepared || operation.kind === "copy" || operation.kind === "listen") return null;
  const comment = own ?? processComment();
  return comment === null ? null : safely(() => comment(spanContext, operation.text));
}

/** A comment that cannot be made is no reason for a statement to fail. */
function safely(make: () => string | null): string | null {
  try {
    return make();
  } catch (error) {
    diag.warn("rockpool: queryComment failed", error);
    return null;
  }
}

function processComment(): QueryComment | null {
  const comment: unknown = Reflect.get(globalThis, PROCESS_COMMENT);
  return isQueryComment(comment) ? comment : null;
}

function isQueryComment(value: unknown): value is QueryComment {
  return typeof value === "function";
}
