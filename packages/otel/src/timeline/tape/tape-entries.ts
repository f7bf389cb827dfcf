import { type Attributes, numberOf, textOf } from "../../model/attributes.ts";
import type { ReceivedSpan } from "../../model/span.ts";
import type { CheckoutDraft } from "../checkout-of.ts";
import { failureOf } from "../failure-of.ts";
import * as names from "../names.ts";
import { wordsOfHex } from "./hex-words.ts";
import type { StringTable } from "./string-table.ts";
import { USE_FLAGS } from "./tape-model.ts";

const MAX_WORD = 0xffff_ffff;

/** The numbers of a use, in the order of `USE`. */
export function useWords(draft: CheckoutDraft, strings: StringTable): number[] {
  const { attributes } = draft.span;
  return [
    Math.min(MAX_WORD, Math.round(draft.waitMillis * 1_000)),
    draft.useCount ?? 0,
    flagsOf(draft),
    strings.indexOf(draft.failure),
    strings.indexOf(draft.discardReason),
    ...placeWords(attributes, strings),
    ...wordsOfHex(draft.traceId, 4),
    ...wordsOfHex(draft.spanId, 2),
    ...wordsOfHex(draft.callerSpanId, 2),
  ];
}

export function statementWords(span: ReceivedSpan, strings: StringTable): number[] {
  return [
    strings.indexOf(span.name),
    strings.indexOf(failureOf(span)),
    ...placeWords(span.attributes, strings),
  ];
}

export function failedWords(span: ReceivedSpan, strings: StringTable): number[] {
  return [
    strings.indexOf(failureOf(span) ?? "error"),
    ...placeWords(span.attributes, strings),
    ...wordsOfHex(span.traceId, 4),
    ...wordsOfHex(span.spanId, 2),
  ];
}

/** From the events of a checkout: each stretch in a transaction; the last one may still be open. */
export function transactionsOf(span: ReceivedSpan): { start: number; end: number | null }[] {
  const found: { start: number; end: number | null }[] = [];
  for (const { name, timeUnixMillis, attributes } of span.events) {
    if (name !== names.EVENT_TRANSACTION_STATUS) continue;
    const isOpen = textOf(attributes, names.TX_STATUS) !== "idle";
    const last = found.at(-1);
    if (isOpen && last?.end !== null) found.push({ start: timeUnixMillis, end: null });
    else if (!isOpen && last !== undefined) last.end ??= timeUnixMillis;
  }
  return found;
}

/** When each cancel of a checkout was asked for. */
export function cancelsOf(span: ReceivedSpan): number[] {
  return span.events
    .filter(({ name }) => name === names.EVENT_CANCEL_REQUESTED)
    .map((event) => event.timeUnixMillis);
}

/** The line of source that a span names. */
export function placeOf(attributes: Attributes): { path: string | null; line: number | null } {
  return {
    path: textOf(attributes, names.CODE_FILE_PATH),
    line: numberOf(attributes, names.CODE_LINE_NUMBER),
  };
}

function placeWords(attributes: Attributes, strings: StringTable): [path: number, line: number] {
  const { path, line } = placeOf(attributes);
  return [strings.indexOf(path), path === null || line === null ? 0 : Math.max(0, Math.trunc(line))];
}

function flagsOf(draft: CheckoutDraft): number {
  const source = draft.source === null ? 0 : USE_FLAGS[draft.source];
  return source | (draft.leak === null ? 0 : USE_FLAGS.leak) | (draft.isImplicit ? USE_FLAGS.implicit : 0);
}
