import { fileURLToPath } from "node:url";
import type { Attributes } from "@opentelemetry/api";
import * as semconv from "./semconv.ts";

/** `at name (place)`; a path can hold parentheses and colons of its own. */
const CALL = /^\s*at (?:async )?(.+?) \((.+):(\d+):(\d+)\)$/;
/** `at place`, where the function has no name. */
const BARE = /^\s*at (?:async )?()(.+):(\d+):(\d+)$/;
/** What V8 puts before and after the name of a function. */
const ORNAMENT = /^new | \[as [^\]]+\]$/g;

/**
 * A stack as attributes, and the first place of it that lies in a file, which is where the program called.
 *
 * @param stack - as V8 writes it.
 * @see {@link https://opentelemetry.io/docs/specs/semconv/registry/attributes/code/}
 */
export function codeAttributes(stack: string): Attributes {
  return { [semconv.CODE_STACKTRACE]: stack, ...placeAttributes(stack) };
}

/** The first place of a stack that lies in a file; nothing where there is none. */
export function placeAttributes(stack: string): Attributes {
  for (const text of stack.split("\n")) {
    const [, name, file, line, column] = CALL.exec(text) ?? BARE.exec(text) ?? [];
    if (file === undefined || file.startsWith("node:") || file.endsWith("<anonymous>")) continue;
    return {
      ...(name ? { [semconv.CODE_FUNCTION_NAME]: name.replaceAll(ORNAMENT, "") } : {}),
      [semconv.CODE_FILE_PATH]: file.startsWith("file://") ? fileURLToPath(file) : file,
      [semconv.CODE_LINE_NUMBER]: Number(line),
      [semconv.CODE_COLUMN_NUMBER]: Number(column),
    };
  }
  return {};
}
