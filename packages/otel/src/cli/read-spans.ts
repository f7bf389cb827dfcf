import { createReadStream } from "node:fs";
import type { Readable } from "node:stream";
import type { ReceivedSpan } from "../model/span.ts";
import { decodeTraces } from "../receiver/decode.ts";
import { linesOf } from "./lines-of.ts";

/** How much of an input could be read. */
export interface ReadCounts {
  spans: number;
  lines: number;
  /** Lines that are no JSON of a trace, metrics or logs request. */
  badLines: number;
}

/** Longer than this is no line of OTLP. */
const MAX_LINE_LENGTH = 64 * 1024 * 1024;

/** Opens a file; `-` is standard input. */
export function openInput(file: string): Readable {
  return file === "-" ? process.stdin : createReadStream(file);
}

/**
 * Reads OTLP JSON lines, and hands over the spans of each.
 *
 * @throws {Error} The input cannot be read, with the system's code.
 */
export async function readSpans(
  input: Readable,
  onSpans: (spans: readonly ReceivedSpan[]) => void,
): Promise<ReadCounts> {
  const counts: ReadCounts = { spans: 0, lines: 0, badLines: 0 };
  for await (const line of linesOf(input, MAX_LINE_LENGTH)) {
    if (line !== null && line.trim() === "") continue;
    counts.lines += 1;
    const spans = line === null ? null : spansOf(line);
    if (spans === null) counts.badLines += 1;
    else if (spans.length > 0) {
      counts.spans += spans.length;
      onSpans(spans);
    }
  }
  return counts;
}

function spansOf(line: string): readonly ReceivedSpan[] | null {
  try {
    return decodeTraces(Buffer.from(line), "json").items;
  } catch {
    return null;
  }
}
