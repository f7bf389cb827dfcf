import type { SpanContext } from "@opentelemetry/api";
import { canAppendComment } from "./comment-position.ts";

/** What the comment says beside the trace context. */
export interface SqlCommenterOptions {
  /** Fixed tags, such as the service's name; keys and values are encoded. Keep them few: each is sent with each query. */
  tags?: Readonly<Record<string, string>>;
}

/** Gives the comment to append to a query's text, with its delimiters; null for none. */
export type QueryComment = (spanContext: SpanContext, text: string) => string | null;

/** Where `@rockpool/core` finds the comment of the process; shared by every copy of the two packages. */
const QUERY_COMMENT: symbol = Symbol.for("rockpool.queryComment");

/** A statement that was judged once is not read again. */
const MAX_JUDGED_TEXTS = 1_000;

/**
 * Makes the function that gives a query its SQLCommenter comment, such as ` /*traceparent='00-…-01'*\/`.
 *
 * It returns null where a comment would land inside a literal or another comment. Core asks it for no prepared statement,
 * whose text is fixed.
 *
 * @see {@link https://google.github.io/sqlcommenter/spec/}
 */
export function sqlComment(options: SqlCommenterOptions = {}): QueryComment {
  const judged = new Map<string, boolean>();
  const tags = Object.entries(options.tags ?? {}).map(([key, value]) => field(key, value));
  return (spanContext, text) => {
    let isAllowed = judged.get(text);
    if (isAllowed === undefined) {
      isAllowed = canAppendComment(text);
      if (judged.size >= MAX_JUDGED_TEXTS) judged.clear();
      judged.set(text, isAllowed);
    }
    return isAllowed ? ` /*${[...tags, ...traceContext(spanContext)].sort().join(",")}*/` : null;
  };
}

/** Makes the comment the default of every pool in the process, and returns what takes it back. */
export function installSqlCommenter(options: boolean | SqlCommenterOptions): () => void {
  if (options === false) return () => {};
  const comment = sqlComment(options === true ? {} : options);
  Reflect.set(globalThis, QUERY_COMMENT, comment);
  return () => {
    if (Reflect.get(globalThis, QUERY_COMMENT) === comment) Reflect.deleteProperty(globalThis, QUERY_COMMENT);
  };
}

function traceContext(context: SpanContext): string[] {
  const flags = context.traceFlags.toString(16).padStart(2, "0");
  const traceparent = field("traceparent", `00-${context.traceId}-${context.spanId}-${flags}`);
  const state = context.traceState?.serialize();
  return state ? [traceparent, field("tracestate", state)] : [traceparent];
}

function field(key: string, value: string): string {
  return `${encode(key)}='${encode(value)}'`;
}

/** Encodes the slash, so that no value can end the comment, and the quote, which `encodeURIComponent` leaves. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll("'", "%27").replaceAll("*", "%2A");
}
