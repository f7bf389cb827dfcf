import { parse as parseArray } from "postgres-array";
import type { Cell } from "../../../../shared/protocol/results.ts";
import { kindOf, PLAIN_NUMBER } from "../value-kind.ts";
import type { TableColumn, TableText } from "./table-text.ts";

type Encode = (cell: string) => string;

/** How a column's values are written: numbers with all their digits and JSON as it is, as the server's `to_json` does. */
function encoderOf(typeName: string): Encode {
  switch (kindOf(typeName)) {
    case "number":
      return (cell) => (PLAIN_NUMBER.test(cell) ? cell : exponentOrText(cell));
    case "boolean":
      return (cell) => String(cell === "true" || cell === "t");
    case "json":
      // Between the tokens of JSON a line break is blank space; within a string it cannot stand.
      return (cell) => cell.replace(/[\r\n]+/g, " ");
    case "array":
      return arrayEncoder(encoderOf(typeName.slice(0, -2)));
    default:
      return (cell) => JSON.stringify(cell);
  }
}

function exponentOrText(cell: string): string {
  return /^-?\d+(?:\.\d+)?e[+-]?\d+$/i.test(cell) ? cell : JSON.stringify(cell);
}

function arrayEncoder(encode: Encode): Encode {
  return (cell) => {
    try {
      return writeArray(parseArray(cell, encode));
    } catch {
      return JSON.stringify(cell);
    }
  };
}

/** The elements are JSON already; only NULL is left as it was. */
function writeArray(items: readonly unknown[]): string {
  const parts = items.map((item) =>
    Array.isArray(item) ? writeArray(item) : typeof item === "string" ? item : "null",
  );
  return `[${parts.join(",")}]`;
}

/** One object a row; a name that comes twice gets a number, since an object has each name once. */
class ObjectWriter {
  readonly #keys: readonly string[];
  readonly #encoders: readonly Encode[];

  constructor(columns: readonly TableColumn[]) {
    const seen = new Map<string, number>();
    this.#keys = columns.map(({ name }) => {
      const count = (seen.get(name) ?? 0) + 1;
      seen.set(name, count);
      return JSON.stringify(count === 1 ? name : `${name}_${count}`);
    });
    this.#encoders = columns.map(({ typeName }) => encoderOf(typeName));
  }

  write(row: readonly Cell[], { between, colon }: { between: string; colon: string }): string {
    const fields = row.map((cell, index) => {
      const value = cell === null ? "null" : this.#encoders[index]?.(cell);
      return `${this.#keys[index]}${colon}${value}`;
    });
    return fields.join(between);
  }
}

/** An array of objects. */
export class JsonText implements TableText {
  readonly #writer: ObjectWriter;
  #isFirst = true;

  constructor(columns: readonly TableColumn[]) {
    this.#writer = new ObjectWriter(columns);
  }

  head(): string {
    return "[";
  }

  rows(rows: readonly (readonly Cell[])[]): string {
    return rows.map((row) => this.#row(row)).join("");
  }

  foot(): string {
    return this.#isFirst ? "]\n" : "\n]\n";
  }

  #row(row: readonly Cell[]): string {
    const before = this.#isFirst ? "\n" : ",\n";
    this.#isFirst = false;
    return `${before}  { ${this.#writer.write(row, { between: ", ", colon: ": " })} }`;
  }
}

/** One object a line. */
export class NdjsonText implements TableText {
  readonly #writer: ObjectWriter;

  constructor(columns: readonly TableColumn[]) {
    this.#writer = new ObjectWriter(columns);
  }

  head(): string {
    return "";
  }

  rows(rows: readonly (readonly Cell[])[]): string {
    return rows.map((row) => `{${this.#writer.write(row, { between: ",", colon: ":" })}}\n`).join("");
  }

  foot(): string {
    return "";
  }
}
