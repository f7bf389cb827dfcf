import { l10n, type QuickPickItem, window } from "vscode";
import {
  FILE_FORMATS,
  type FileFormat,
  FORMATS,
  type TableFormat,
} from "../../model/results/formats/table-text.ts";

function describe(format: TableFormat): { label: string; detail: string } {
  switch (format) {
    case "csv":
      return { label: "CSV", detail: l10n.t("comma-separated, with a header") };
    case "tsv":
      return { label: "TSV", detail: l10n.t("for spreadsheets, with a header") };
    case "json":
      return { label: "JSON", detail: l10n.t("an array of objects") };
    case "ndjson":
      return { label: "NDJSON", detail: l10n.t("an object a line") };
    case "markdown":
      return { label: "Markdown", detail: l10n.t("a table for a document") };
    case "insert":
      return { label: "INSERT", detail: l10n.t("SQL statements") };
    case "inList":
      return { label: "IN", detail: l10n.t("the values of the first column, as a list for a query") };
    case "text":
      return { label: "Text", detail: l10n.t("aligned columns, as psql draws them") };
    case "records":
      return { label: "Records", detail: l10n.t("each row by itself, a column a line") };
  }
}

async function pick<F extends TableFormat>(formats: readonly F[], title: string): Promise<F | null> {
  const items = formats.map((format): QuickPickItem & { format: F } => ({ ...describe(format), format }));
  return (await window.showQuickPick(items, { title }))?.format ?? null;
}

export function pickFormat(title: string): Promise<TableFormat | null> {
  return pick(FORMATS, title);
}

export function pickFileFormat(title: string): Promise<FileFormat | null> {
  return pick(FILE_FORMATS, title);
}
