import { env, l10n, ProgressLocation, window } from "vscode";
import type { CellRange } from "../../../shared/protocol/results.ts";
import type { ResultRows } from "../../model/results/result-rows.ts";
import type { ResultStore } from "../../model/results/result-store.ts";
import type { StatementRecord } from "../../model/results/statement-record.ts";
import type { Services } from "../../services.ts";
import { pickFormat } from "./formats.ts";
import { resultText, type TextOptions } from "./result-text.ts";
import { isOneCell } from "./results-channel.ts";
import { tableNameOf } from "./table-name.ts";

/** More does not go through a clipboard well; a file is the way then. */
const MAX_LENGTH = 50_000_000;

/** Copies marked cells as they are: one value bare, more of them tab-separated. */
export async function copyRange(
  results: ResultStore,
  { statementId, range, withHeaders }: { statementId: number; range: CellRange; withHeaders: boolean },
): Promise<void> {
  const kept = results.statement(statementId)?.kept;
  if (!kept) return;
  if (isOneCell(range) && !withHeaders) {
    await env.clipboard.writeText((await kept.cell(range.firstRow, range.firstColumn)) ?? "");
    return;
  }
  await copyAsText(kept, { format: "tsv", range, withHeaders, tableName: null });
}

/** Asks for a format, and copies the marked cells in it; the whole result where no more than one cell is marked. */
export async function copyAs(services: Services, statement: StatementRecord): Promise<void> {
  const { kept } = statement;
  const { selected } = services.resultsView;
  if (kept === null) return;
  const marked = selected?.statementId === statement.id ? selected.range : null;
  const range = marked === null || isOneCell(marked) ? null : marked;
  const count = range === null ? kept.shownCount : range.lastRow - range.firstRow + 1;
  const format = await pickFormat(l10n.t("Copy {0} Rows As", count.toLocaleString("en")));
  if (format === null) return;
  const tableName = format === "insert" ? await tableNameOf(services, statement) : null;
  // An IN list is made of one column: the one with the active cell where nothing is marked.
  const column = marked?.firstColumn ?? 0;
  const whole = { firstRow: 0, lastRow: kept.shownCount - 1, firstColumn: column, lastColumn: column };
  await copyAsText(kept, {
    format,
    range: format === "inList" ? (range ?? whole) : range,
    withHeaders: true,
    tableName,
  });
}

async function copyAsText(kept: ResultRows, options: Omit<TextOptions, "maxLength">): Promise<void> {
  const letGo = kept.hold();
  const text = await window.withProgress(
    { location: ProgressLocation.Window, title: l10n.t("Copying…") },
    () => resultText(kept, { ...options, maxLength: MAX_LENGTH }).finally(letGo),
  );
  if (text !== null) await env.clipboard.writeText(text);
  else {
    const megabytes = MAX_LENGTH / 1_000_000;
    void window.showWarningMessage(
      l10n.t("Nothing was copied: the text is longer than {0} MB. Export it to a file instead.", megabytes),
    );
  }
}
