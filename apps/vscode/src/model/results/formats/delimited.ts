import type { Cell } from "../../../../shared/protocol/results.ts";
import type { TableColumn, TableText } from "./table-text.ts";

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`;
}

/** RFC 4180 with a header; NULL as nothing, the empty string as `""`, as COPY writes them. */
export class CsvText implements TableText {
  readonly #columns: readonly TableColumn[];

  constructor(columns: readonly TableColumn[]) {
    this.#columns = columns;
  }

  head(): string {
    return this.#line(this.#columns.map(({ name }) => name));
  }

  rows(rows: readonly (readonly Cell[])[]): string {
    return rows.map((row) => this.#line(row)).join("");
  }

  foot(): string {
    return "";
  }

  #line(cells: readonly Cell[]): string {
    return `${cells.map(csvCell).join(",")}\r\n`;
  }
}

function csvCell(cell: Cell): string {
  if (cell === null) return "";
  return cell === "" || /[",\r\n]/.test(cell) ? quoted(cell) : cell;
}

/** Tab-separated for spreadsheets, with a header; NULL and the empty string are both nothing. */
export class TsvText implements TableText {
  readonly #columns: readonly TableColumn[];

  constructor(columns: readonly TableColumn[]) {
    this.#columns = columns;
  }

  head(): string {
    return tsvLine(this.#columns.map(({ name }) => name));
  }

  rows(rows: readonly (readonly Cell[])[]): string {
    return rows.map(tsvLine).join("");
  }

  foot(): string {
    return "";
  }
}

function tsvLine(cells: readonly Cell[]): string {
  return `${cells.map((cell) => (cell !== null && /["\t\r\n]/.test(cell) ? quoted(cell) : (cell ?? ""))).join("\t")}\n`;
}
