import type { Cell } from "../../../../shared/protocol/results.ts";
import { kindOf, PLAIN_NUMBER } from "../value-kind.ts";
import type { TableColumn, TableHead, TableText } from "./table-text.ts";

/** Rows of one INSERT: a statement of a whole file would need all of it in the server's memory. */
const ROWS_OF_INSERT = 500;

export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A literal that means the same whatever `standard_conforming_strings` is. */
function quoteLiteral(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return text.includes("\\") ? `E'${doubled.replaceAll("\\", "\\\\")}'` : `'${doubled}'`;
}

/** Numbers and booleans bare, NULL as NULL, everything else quoted; the column's type reads it. */
function literal(cell: Cell, typeName: string): string {
  if (cell === null) return "NULL";
  const kind = kindOf(typeName);
  if (kind === "number" && PLAIN_NUMBER.test(cell)) return cell;
  if (kind === "boolean") return cell === "true" || cell === "t" ? "TRUE" : "FALSE";
  return quoteLiteral(cell);
}

/** INSERT statements of some hundred rows each. */
export class InsertText implements TableText {
  readonly #types: readonly string[];
  readonly #start: string;
  #count = 0;

  constructor({ columns, tableName }: TableHead) {
    this.#types = columns.map(({ typeName }) => typeName);
    const names = columns.map(({ name }) => quoteIdentifier(name)).join(", ");
    this.#start = `INSERT INTO ${tableName ?? "table_name"} (${names}) VALUES\n`;
  }

  head(): string {
    return "";
  }

  rows(rows: readonly (readonly Cell[])[]): string {
    return rows.map((row) => this.#row(row)).join("");
  }

  foot(): string {
    return this.#count === 0 ? "" : ";\n";
  }

  #row(row: readonly Cell[]): string {
    const isNew = this.#count % ROWS_OF_INSERT === 0;
    const before = isNew ? `${this.#count === 0 ? "" : ";\n"}${this.#start}` : ",\n";
    this.#count++;
    return `${before}  (${row.map((cell, index) => literal(cell, this.#types[index] ?? "text")).join(", ")})`;
  }
}

/** What goes behind IN: each value of the first column once. NULL is left out, since IN never finds it. */
export class InListText implements TableText {
  readonly #typeName: string;
  readonly #seen = new Set<string>();

  constructor([column]: readonly TableColumn[]) {
    this.#typeName = column?.typeName ?? "text";
  }

  head(): string {
    return "(";
  }

  rows(rows: readonly (readonly Cell[])[]): string {
    let text = "";
    for (const [cell = null] of rows) {
      if (cell === null || this.#seen.has(cell)) continue;
      text += `${this.#seen.size === 0 ? "" : ", "}${literal(cell, this.#typeName)}`;
      this.#seen.add(cell);
    }
    return text;
  }

  foot(): string {
    return this.#seen.size === 0 ? "NULL)" : ")";
  }
}
