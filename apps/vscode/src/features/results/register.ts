import { commands, type Disposable, env, l10n, type QuickPickItem, Uri, window, workspace } from "vscode";
import { describeFailure } from "../../model/failure.ts";
import { formatTable, type TableFormat, toTsv } from "../../model/results/formats.ts";
import type { TableSlice } from "../../model/results/result-store.ts";
import type { Services } from "../../services.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { runSettings } from "../../vscode/settings.ts";

type FormatItem = QuickPickItem & { readonly format: TableFormat; readonly extension: string };

function formats(): readonly FormatItem[] {
  return [
    { label: "CSV", detail: l10n.t("comma-separated, with a header"), format: "csv", extension: "csv" },
    { label: "JSON", detail: l10n.t("an array of objects"), format: "json", extension: "json" },
    { label: "Markdown", detail: l10n.t("a table for a document"), format: "markdown", extension: "md" },
    { label: "INSERT", detail: l10n.t("an SQL statement"), format: "insert", extension: "sql" },
    { label: "TSV", detail: l10n.t("for spreadsheets, with a header"), format: "tsv", extension: "tsv" },
  ];
}

/** The marked cells; the whole result where no more than one cell is marked. */
function selectedTable({ resultsView, results }: Services): TableSlice | null {
  const { selected } = resultsView;
  const run = results.run;
  const statementId = selected?.statementId ?? run?.statements.findLast(({ kept }) => kept !== null)?.id;
  if (statementId === undefined) return null;
  const range = selected?.range ?? null;
  const isOneCell =
    range !== null && range.firstRow === range.lastRow && range.firstColumn === range.lastColumn;
  return results.slice(statementId, isOneCell ? null : range);
}

async function copyAs(services: Services): Promise<void> {
  const table = selectedTable(services);
  if (table === null) return;
  const title = l10n.t("Copy {0} Rows As", table.rows.length);
  const picked = await window.showQuickPick(formats(), { title });
  if (picked !== undefined) await env.clipboard.writeText(formatTable(table, picked.format));
}

async function copyWithHeaders(services: Services): Promise<void> {
  const { selected } = services.resultsView;
  const table = selected && services.results.slice(selected.statementId, selected.range);
  if (table !== null) await env.clipboard.writeText(toTsv(table, { withHeaders: true }));
}

async function exportResult(services: Services): Promise<void> {
  const table = selectedTable(services);
  const title = l10n.t("Export Result");
  const picked = table && (await window.showQuickPick(formats(), { title }));
  if (table === null || !picked) return;
  const folder = workspace.workspaceFolders?.[0]?.uri ?? Uri.file("/");
  const defaultUri = Uri.joinPath(folder, `result.${picked.extension}`);
  const target = await window.showSaveDialog({ title, defaultUri });
  if (target === undefined) return;
  await workspace.fs.writeFile(target, new TextEncoder().encode(formatTable(table, picked.format)));
  const open = l10n.t("Open");
  const message = l10n.t("{0} rows exported.", table.rows.length);
  if ((await window.showInformationMessage(message, open)) === open) await window.showTextDocument(target);
}

/** Reads the next page of a result whose editor still holds the cursor. */
async function loadMore({ sessions, results, clock }: Services, statementId: number): Promise<void> {
  const statement = results.statement(statementId);
  const uri = statement && Uri.parse(statement.origin.uri);
  const session = uri && sessions.find(uri);
  if (!statement?.kept || statement.kept.isLoading || statement.kept.more !== "open" || !session) return;
  const { pageSize, maxRows, maxBytes } = runSettings(uri);
  statement.kept.isLoading = true;
  results.changed();
  const startedAt = clock.now();
  try {
    const page = await session.readMore(pageSize);
    if (page !== null) statement.append(page, { maxRows, maxBytes, fetchMillis: clock.now() - startedAt });
    if (statement.isFull) await session.closeReader();
  } catch (error) {
    void window.showErrorMessage(describeFailure(error).message);
  } finally {
    statement.kept.isLoading = false;
    results.changed();
  }
}

/** Results: the view, and what is done with its rows. */
export function register(services: Services): Disposable {
  services.resultsView.actions = {
    loadMore: (statementId) => loadMore(services, statementId),
    cancel: () => services.runs.cancelShown(),
  };
  const disposables = new Disposables();
  disposables.addAll(
    window.registerWebviewViewProvider("rockpool.results", services.resultsView),
    commands.registerCommand("rockpool.results.copyAs", () => copyAs(services)),
    commands.registerCommand("rockpool.results.copyWithHeaders", () => copyWithHeaders(services)),
    commands.registerCommand("rockpool.results.export", () => exportResult(services)),
    commands.registerCommand("rockpool.results.clear", () => services.results.clear()),
  );
  return disposables;
}
