import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, resolve } from "node:path";

/** A line of a file. */
export interface SourcePlace {
  readonly path: string;
  readonly line: number;
}

const MAP_COMMENT = /\/\/[#@] sourceMappingURL=(\S+)\s*$/;
const INLINE = /^data:application\/json[^,]*;base64,(.*)$/;

/** Where the source map of a compiled file is. */
export type SourceMapPlace = { readonly text: string } | { readonly path: string };

/** The source map that a compiled file names, inside it or beside it; null where it names none. */
export function sourceMapOf(path: string, code: string): SourceMapPlace | null {
  const url = MAP_COMMENT.exec(code.trimEnd().split("\n").at(-1) ?? "")?.[1];
  if (url === undefined) return null;
  const inline = INLINE.exec(url)?.[1];
  if (inline !== undefined) return { text: Buffer.from(inline, "base64").toString("utf8") };
  return /^[a-z]+:/i.test(url) ? null : { path: resolve(dirname(path), decodeURIComponent(url)) };
}

/** The line that a person wrote from which a line was compiled; null where the map does not tell. */
export function originalPlace(place: SourcePlace, map: { text: string; folder: string }): SourcePlace | null {
  const payload = payloadOf(map.text);
  if (payload === null) return null;
  // The last mapping of a line: the first may lie behind its indentation, and then the line before would be found.
  const entry = new SourceMap(payload).findEntry(place.line - 1, Number.MAX_SAFE_INTEGER);
  if (!("originalSource" in entry) || entry.generatedLine !== place.line - 1) return null;
  const { originalSource, originalLine } = entry;
  const file = originalSource.startsWith("file://") ? new URL(originalSource).pathname : originalSource;
  return { path: resolve(map.folder, payload.sourceRoot ?? "", file), line: originalLine + 1 };
}

function payloadOf(text: string): SourceMapPayload | null {
  try {
    const payload: SourceMapPayload = JSON.parse(text);
    return payload.version === 3 ? payload : null;
  } catch {
    return null;
  }
}
