import type { Cell } from "../../../../shared/protocol/results.ts";
import type { TableColumn, TableText } from "./table-text.ts";

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const MARK = /^(?:\p{Mark}|[\u200b-\u200f])$/u;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

function padded(text: string, width: number, isNumeric: boolean): string {
  const room = " ".repeat(Math.max(0, width - widthOf(text)));
  return isNumeric ? room + text : text + room;
}

/** A value line by line; a tab would break the columns. */
function linesOf(cell: Cell): string[] {
  return (cell ?? "NULL").replaceAll("\t", "    ").split(/\r\n|[\r\n]/);
}

function counted(rowCount: number): string {
  return rowCount === 1 ? "(1 row)\n" : `(${rowCount} rows)\n`;
}

/** A table as psql draws it. What comes last may be the widest, so that all of it is written at the end. */
export class PlainText implements TableText {
  readonly #columns: readonly TableColumn[];
  readonly #rows: (readonly string[])[][] = [];
  readonly #widths: number[];

  constructor(columns: readonly TableColumn[]) {
    this.#columns = columns;
    this.#widths = columns.map(({ name }) => widthOf(name));
  }

  /** How long the text will be at least, in characters. */
  get length(): number {
    return this.#rows.length * this.#widths.reduce((sum, width) => sum + width + 3, 0);
  }

  head(): string {
    return "";
  }

  rows(rows: readonly (readonly Cell[])[]): string {
    for (const row of rows) {
      const cells = row.map(linesOf);
      cells.forEach((lines, column) => {
        for (const line of lines) this.#widths[column] = Math.max(this.#widths[column] ?? 0, widthOf(line));
      });
      this.#rows.push(cells);
    }
    return "";
  }

  foot(): string {
    const names = this.#columns.map(({ name }, column) => {
      const room = (this.#widths[column] ?? 0) - widthOf(name);
      return " ".repeat(room >> 1) + name + " ".repeat(room - (room >> 1));
    });
    const rule = this.#widths.map((width) => "-".repeat(width + 2)).join("+");
    const head = `${` ${names.join(" | ")}`.trimEnd()}\n${rule}\n`;
    return head + this.#rows.map((cells) => this.#row(cells)).join("") + counted(this.#rows.length);
  }

  #row(cells: readonly (readonly string[])[]): string {
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, at) => `${this.#line(cells, at).trimEnd()}\n`).join("");
  }

  /** One line of a row; a mark behind a value says that it goes on in the next one. */
  #line(cells: readonly (readonly string[])[], at: number): string {
    const parts = cells.map((lines, column) => {
      const text = padded(
        lines[at] ?? "",
        this.#widths[column] ?? 0,
        this.#columns[column]?.isNumeric === true,
      );
      return ` ${text}${at < lines.length - 1 ? "+" : " "}`;
    });
    return parts.join("|");
  }
}

/** Each row by itself, a column a line: what psql calls expanded. */
export class RecordText implements TableText {
  readonly #names: readonly string[];
  readonly #room: string;
  #rowCount = 0;

  constructor(columns: readonly TableColumn[]) {
    const width = Math.max(0, ...columns.map(({ name }) => widthOf(name)));
    this.#names = columns.map(({ name }) => padded(name, width, false));
    this.#room = " ".repeat(width);
  }

  head(): string {
    return "";
  }

  rows(rows: readonly (readonly Cell[])[]): string {
    return rows.map((row) => this.#record(row)).join("");
  }

  foot(): string {
    return this.#rowCount === 0 ? counted(0) : "";
  }

  #record(row: readonly Cell[]): string {
    this.#rowCount++;
    const lines = row.flatMap((cell, column) =>
      linesOf(cell).map((line, at) => `${at === 0 ? this.#names[column] : this.#room} | ${line}`.trimEnd()),
    );
    return `-[ RECORD ${this.#rowCount} ]\n${lines.join("\n")}\n`;
  }
}
