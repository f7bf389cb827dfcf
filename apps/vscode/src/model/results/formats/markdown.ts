import type { Cell } from "../../../../shared/protocol/results.ts";
import type { TableColumn, TableText } from "./table-text.ts";

/** What would break a table, or be taken for Markdown or HTML. */
function escaped(cell: Cell): string {
  if (cell === null) return "NULL";
  return cell.replace(/[\\|<`*_]/g, "\\$&").replace(/\r\n|[\r\n]/g, "<br>");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |\n`;
}

/** A GitHub-flavoured table. */
export class MarkdownText implements TableText {
  readonly #columns: readonly TableColumn[];

  constructor(columns: readonly TableColumn[]) {
    this.#columns = columns;
  }

  head(): string {
    const names = line(this.#columns.map(({ name }) => escaped(name)));
    return names + line(this.#columns.map(({ isNumeric }) => (isNumeric ? "--:" : "---")));
  }

  rows(rows: readonly (readonly Cell[])[]): string {
    return rows.map((row) => line(row.map(escaped))).join("");
  }

  foot(): string {
    return "";
  }
}
