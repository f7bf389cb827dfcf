import type { Cell } from "../../../shared/protocol/results.ts";
import type { TableSlice } from "./result-store.ts";

export type TableFormat = "tsv" | "csv" | "json" | "markdown" | "insert";

function delimited(value: Cell, delimiter: string): string {
  if (value === null) return "";
  const mustQuote = value === "" || value.includes(delimiter) || /["\r\n]/.test(value);
  return mustQuote ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Tab-separated for spreadsheets: a single value as it is, NULL as nothing. */
export function toTsv(table: TableSlice, options: { withHeaders: boolean }): string {
  const [first] = table.rows;
  if (!options.withHeaders && table.rows.length === 1 && first?.length === 1) return first[0] ?? "";
  const lines = table.rows.map((row) => row.map((cell) => tabbed(cell)).join("\t"));
  if (options.withHeaders) lines.unshift(table.columns.map(({ name }) => tabbed(name)).join("\t"));
  return lines.join("\n");
}

function tabbed(cell: Cell): string {
  return cell === "" ? "" : delimited(cell, "\t");
}

/** RFC 4180 with a header; NULL as nothing, the empty string as `""`. */
export function toCsv(table: TableSlice): string {
  const header = table.columns.map(({ name }) => delimited(name, ",")).join(",");
  const lines = table.rows.map((row) => row.map((cell) => delimited(cell, ",")).join(","));
  return [header, ...lines, ""].join("\r\n");
}

const PLAIN_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

/** True where JavaScript would read the number back as it was written. */
function isExactNumber(value: string): boolean {
  return PLAIN_NUMBER.test(value) && String(Number(value)) === value;
}

function jsonValue(cell: Cell, typeName: string, isNumeric: boolean): unknown {
  if (cell === null) return null;
  if (typeName === "boolean") return cell === "true";
  if (isNumeric && isExactNumber(cell)) return Number(cell);
  if (typeName !== "json" && typeName !== "jsonb") return cell;
  try {
    const parsed: unknown = JSON.parse(cell);
    return parsed;
  } catch {
    return cell;
  }
}

/** An array of objects; JSON columns are nested, numbers are numbers where that loses no digit. */
export function toJson(table: TableSlice): string {
  const objects = table.rows.map((row) =>
    Object.fromEntries(
      table.columns.map(({ name, typeName, isNumeric }, index) => [
        name,
        jsonValue(row[index] ?? null, typeName, isNumeric),
      ]),
    ),
  );
  return `${JSON.stringify(objects, null, 2)}\n`;
}

/** A GitHub-flavoured table. */
export function toMarkdown(table: TableSlice): string {
  const escaped = (cell: Cell) => (cell ?? "").replaceAll("|", "\\|").replace(/\r?\n/g, "<br>");
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = table.columns.map(({ isNumeric }) => (isNumeric ? "--:" : "---"));
  return [
    line(table.columns.map(({ name }) => escaped(name))),
    line(rule),
    ...table.rows.map((row) => line(row.map(escaped))),
    "",
  ].join("\n");
}

function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function literal(cell: Cell, isNumeric: boolean): string {
  if (cell === null) return "NULL";
  if (isNumeric && PLAIN_NUMBER.test(cell)) return cell;
  return `'${cell.replaceAll("'", "''")}'`;
}

/** One INSERT; the table's name is not known here and is left to the reader. */
export function toInsert(table: TableSlice): string {
  const names = table.columns.map(({ name }) => identifier(name)).join(", ");
  const values = table.rows.map((row) => {
    const cells = row.map((cell, index) => literal(cell, table.columns[index]?.isNumeric === true));
    return `  (${cells.join(", ")})`;
  });
  return `INSERT INTO table_name (${names}) VALUES\n${values.join(",\n")};\n`;
}

/** The table as text in one of the formats. */
export function formatTable(table: TableSlice, format: TableFormat): string {
  switch (format) {
    case "tsv":
      return toTsv(table, { withHeaders: true });
    case "csv":
      return toCsv(table);
    case "json":
      return toJson(table);
    case "markdown":
      return toMarkdown(table);
    case "insert":
      return toInsert(table);
  }
}
