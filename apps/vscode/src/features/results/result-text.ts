import type { CellRange } from "../../../shared/protocol/results.ts";
import { PlainText } from "../../model/results/formats/plain.ts";
import { type TableFormat, tableText } from "../../model/results/formats/table-text.ts";
import type { ResultRows } from "../../model/results/result-rows.ts";
import { Slices } from "../../model/results/slices.ts";

export interface TextOptions {
  readonly format: TableFormat;
  /** The cells; null for all rows that show. */
  readonly range: CellRange | null;
  readonly withHeaders: boolean;
  readonly tableName: string | null;
  readonly maxLength: number;
}

/** Rows of a result as one text; null where it becomes too long. */
export async function resultText(kept: ResultRows, options: TextOptions): Promise<string | null> {
  const { format, range, withHeaders, tableName, maxLength } = options;
  const columns = range === null ? kept.columns : kept.columns.slice(range.firstColumn, range.lastColumn + 1);
  const text = tableText(format, { columns, tableName });
  const parts = [withHeaders ? text.head() : ""];
  let length = 0;
  for await (const rows of kept.read(range, new Slices(new AbortController().signal))) {
    const part = text.rows(rows);
    length += part.length;
    if (length > maxLength || (text instanceof PlainText && text.length > maxLength)) return null;
    parts.push(part);
  }
  parts.push(text.foot());
  return format === "tsv" ? parts.join("").replace(/\n$/, "") : parts.join("");
}
