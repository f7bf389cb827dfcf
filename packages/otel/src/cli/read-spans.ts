import type { ReceivedSpan } from "../model/span.ts";
import { decodeTraces } from "../receiver/decode.ts";
import { linesOf } from "./lines-of.ts";
import { openInput } from "./open-input.ts";

/** How much of an input could be read. */
export interface ReadCounts {
  spans: number;
  lines: number;
  /** Lines that are no JSON of a trace, metrics or logs request. */
  badLines: number;
  /** Whether it looks like a request that was formatted for people: many lines, none of them whole, the first opening an object. */
  isSpread: boolean;
}

/** Longer than this is no line of OTLP. */
const MAX_LINE_LENGTH = 64 * 1024 * 1024;

/**
 * Reads OTLP JSON lines from a file, or from standard input for `-`, and hands over the spans of each.
 *
 * @throws {Error} The input cannot be read, with the system's code.
 */
export async function readSpans(
  file: string,
  onSpans: (spans: readonly ReceivedSpan[]) => void,
): Promise<ReadCounts> {
  const counts: ReadCounts = { spans: 0, lines: 0, badLines: 0, isSpread: false };
  let beginsAsObject = false;
  for await (const line of linesOf(await openInput(file), MAX_LINE_LENGTH)) {
    if (line !== null && line.trim() === "") continue;
    counts.lines += 1;
    if (counts.lines === 1) beginsAsObject = line?.trimStart().startsWith("{") ?? false;
    const spans = line === null ? null : spansOf(line);
    if (spans === null) counts.badLines += 1;
    else if (spans.length > 0) {
      counts.spans += spans.length;
      onSpans(spans);
    }
  }
  counts.isSpread = beginsAsObject && counts.lines > 1 && counts.badLines === counts.lines;
  return counts;
}

function spansOf(line: string): readonly ReceivedSpan[] | null {
  try {
    return decodeTraces(Buffer.from(line), "json").items;
  } catch {
    return null;
  }
}
