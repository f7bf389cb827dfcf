import { Buffer } from "node:buffer";
import type { RowMode } from "../query.ts";
import { type CellReader, readInteger } from "./cell-reader.ts";
import { readTimestamp } from "./timestamp.ts";

/** Makes a row out of the cells that begin at `start`. */
export type DecodeRow<R> = (buffer: Buffer, start: number) => R;

/** What a row is made of. */
export interface RowPlan {
  readonly names: readonly string[];
  readonly readers: readonly CellReader[];
  readonly mode: RowMode;
}

/** Node's buffers read slices without the checks of `toString`; other runtimes may lack these methods. */
const hasSlices = ["utf8Slice", "latin1Slice"].every((name) => name in Buffer.prototype);

let canCompile: boolean | null = null;

/** Tells, once, whether this process may make functions out of text (`--disallow-code-generation-from-strings`, CSP). */
function isCompilationAllowed(): boolean {
  if (canCompile === null) {
    try {
      canCompile = new Function("return true")() === true;
    } catch {
      canCompile = false;
    }
  }
  return canCompile;
}

/**
 * Makes a function that decodes rows of one shape without a loop; null where the process forbids it.
 *
 * Column names come from the server: each enters the code as a JSON string, and `__proto__` as a computed key, since as a
 * plain one it would set the prototype. Of columns with the same name the last one wins, as in the driver.
 */
export function compileRow<R>(plan: RowPlan): DecodeRow<R> | null {
  if (!isCompilationAllowed()) return null;
  const parsers = plan.readers.map((reader) => ("parser" in reader ? reader.parser : null));
  const cells = plan.readers.map((reader, column) => cellCode(reader, column)).join("\n");
  const body = `"use strict";
    return function (b, o) {
      var n;
      ${cells}
      return ${rowCode(plan)};
    };`;
  return new Function("p", "readInteger", "readTimestamp", body)(parsers, readInteger, readTimestamp);
}

function cellCode(reader: CellReader, column: number): string {
  return `var v${column} = null;
    n = (b[o] << 24) | (b[o + 1] << 16) | (b[o + 2] << 8) | b[o + 3]; o += 4;
    if (n !== -1) { v${column} = ${valueCode(reader, column)}; o += n; }`;
}

function valueCode(reader: CellReader, column: number): string {
  switch (reader.kind) {
    case "text":
      return textCode(false);
    case "ascii":
      return textCode(true);
    case "integer":
      return "readInteger(b, o, n)";
    case "boolean":
      return "b[o] === 116";
    case "timestamp":
      return `readTimestamp(b, o, n, p[${column}])`;
    case "parsed":
      return `(0, p[${column}])(${textCode(reader.isAscii)})`;
  }
}

function textCode(isAscii: boolean): string {
  if (!hasSlices) return `b.toString(${isAscii ? '"latin1"' : '"utf8"'}, o, o + n)`;
  return isAscii ? "b.latin1Slice(o, o + n)" : "b.utf8Slice(o, o + n)";
}

function rowCode(plan: RowPlan): string {
  if (plan.mode === "array") return `[${plan.names.map((_, column) => `v${column}`).join(", ")}]`;
  const entries = plan.names.map((name, column) => `${keyCode(name)}: v${column}`);
  return `{ ${entries.join(", ")} }`;
}

function keyCode(name: string): string {
  const text = JSON.stringify(name);
  return name === "__proto__" ? `[${text}]` : text;
}
