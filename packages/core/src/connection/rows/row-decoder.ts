import { readCell } from "./cell-reader.ts";
import { compileRow, type DecodeRow, type RowPlan } from "./row-compiler.ts";

/** Compiling costs about as much as decoding this many rows cell by cell. */
const rowsBeforeCompilation = 24;

/** Decodes the rows of one shape; compiles itself once it has seen that the shape comes back. */
export class RowDecoder<R> {
  decode: DecodeRow<R>;

  constructor(plan: RowPlan) {
    const interpret = interpreterOf<R>(plan);
    let left = rowsBeforeCompilation;
    this.decode = (buffer, start) => {
      left -= 1;
      if (left === 0) this.decode = compileRow<R>(plan) ?? interpret;
      return interpret(buffer, start);
    };
  }
}

function interpreterOf<R>(plan: RowPlan): DecodeRow<R>;
function interpreterOf(plan: RowPlan): DecodeRow<unknown> {
  return plan.mode === "array" ? arrayInterpreter(plan) : objectInterpreter(plan);
}

function arrayInterpreter({ readers }: RowPlan): DecodeRow<unknown[]> {
  return (buffer, start) => {
    const row: unknown[] = new Array(readers.length);
    let at = start;
    for (const [column, reader] of readers.entries()) {
      const length = buffer.readInt32BE(at);
      at += 4;
      row[column] = length === -1 ? null : readCell(reader, buffer, at, length);
      if (length > 0) at += length;
    }
    return row;
  };
}

function objectInterpreter({ names, readers }: RowPlan): DecodeRow<Record<string, unknown>> {
  const readRow = arrayInterpreter({ names, readers, mode: "array" });
  // Every key as an own property, so that the assignment to `__proto__` below finds one instead of the setter.
  const empty = Object.fromEntries(names.map((name) => [name, null]));
  return (buffer, start) => {
    const row: Record<string, unknown> = { ...empty };
    const values = readRow(buffer, start);
    for (const [column, name] of names.entries()) row[name] = values[column];
    return row;
  };
}
