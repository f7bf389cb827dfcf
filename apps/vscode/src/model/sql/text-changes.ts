import type { Span } from "./split.ts";

/** A part of a text that was replaced, in UTF-16 offsets of the text before it. */
export interface TextChange {
  readonly start: number;
  readonly removed: number;
  readonly inserted: number;
}

/** Where a stretch of a text lies after changes to the text; null where one of them touched it. */
export function spanAfter(span: Span, changes: readonly TextChange[]): Span | null {
  let { start, end } = span;
  for (const change of changes) {
    if (change.start >= end) continue;
    if (change.start + change.removed > start) return null;
    const shift = change.inserted - change.removed;
    start += shift;
    end += shift;
  }
  return { start, end };
}
