import { textOf } from "../model/attributes.ts";
import type { ReceivedSpan } from "../model/span.ts";
import { ERROR_TYPE } from "./names.ts";

/** The `error.type` of a span that failed; null for one that did not. */
export function failureOf(span: ReceivedSpan): string | null {
  if (span.status !== "error") return null;
  return textOf(span.attributes, ERROR_TYPE) ?? "error";
}
