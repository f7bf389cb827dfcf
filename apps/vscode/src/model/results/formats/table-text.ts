import type { Cell } from "../../../../shared/protocol/results.ts";
import { CsvText, TsvText } from "./delimited.ts";
import { JsonText, NdjsonText } from "./json.ts";
import { MarkdownText } from "./markdown.ts";
import { PlainText, RecordText } from "./plain.ts";
import { InListText, InsertText } from "./sql.ts";

export interface TableColumn {
  readonly name: string;
  readonly typeName: string;
  readonly isNumeric: boolean;
}

export interface TableHead {
  readonly columns: readonly TableColumn[];
  /** The table that the rows come from, quoted where it needs to be; null where there is none or more than one. */
  readonly tableName: string | null;
}

/** A table as text, piece by piece, so that it can be written while its rows arrive. */
export interface TableText {
  head(): string;
  rows(rows: readonly (readonly Cell[])[]): string;
  foot(): string;
}

export const FORMATS = [
  "csv",
  "tsv",
  "json",
  "ndjson",
  "markdown",
  "insert",
  "inList",
  "text",
  "records",
] as const;
export type TableFormat = (typeof FORMATS)[number];

/** Formats that make a file; the others are for a query or for reading. */
export const FILE_FORMATS = ["csv", "tsv", "json", "ndjson", "markdown", "insert"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export const FILE_EXTENSIONS: Readonly<Record<FileFormat, string>> = {
  csv: "csv",
  tsv: "tsv",
  json: "json",
  ndjson: "ndjson",
  markdown: "md",
  insert: "sql",
};

export function tableText(format: TableFormat, head: TableHead): TableText {
  switch (format) {
    case "csv":
      return new CsvText(head.columns);
    case "tsv":
      return new TsvText(head.columns);
    case "json":
      return new JsonText(head.columns);
    case "ndjson":
      return new NdjsonText(head.columns);
    case "markdown":
      return new MarkdownText(head.columns);
    case "insert":
      return new InsertText(head);
    case "inList":
      return new InListText(head.columns);
    case "text":
      return new PlainText(head.columns);
    case "records":
      return new RecordText(head.columns);
  }
}
