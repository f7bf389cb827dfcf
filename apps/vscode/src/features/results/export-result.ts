import {
  type CancellationToken,
  l10n,
  ProgressLocation,
  type QuickPickItem,
  Uri,
  window,
  workspace,
} from "vscode";
import type { CellRange } from "../../../shared/protocol/results.ts";
import { describeFailure } from "../../model/failure.ts";
import {
  FILE_EXTENSIONS,
  type FileFormat,
  type TableText,
  tableText,
} from "../../model/results/formats/table-text.ts";
import { drain, type RowSink, rerun } from "../../model/results/query-rows.ts";
import type { ResultRows } from "../../model/results/result-rows.ts";
import { Slices } from "../../model/results/slices.ts";
import type { StatementRecord } from "../../model/results/statement-record.ts";
import { effectOf } from "../../model/safety/statement-effect.ts";
import { canBeRead } from "../../model/sql/verb.ts";
import type { Services } from "../../services.ts";
import type { OpenConnection } from "../connections/open-connections.ts";
import { guardRerun } from "../safety/run-guard.ts";
import { FileTarget } from "./file-target.ts";
import { pickFileFormat } from "./formats.ts";
import { isOneCell } from "./results-channel.ts";
import { tableNameOf } from "./table-name.ts";

/** Which rows go to the file: all of the query by the open cursor or by another run, those that show, or those that are marked. */
type Source = "continue" | "rerun" | "shown" | "marked";

interface Plan {
  readonly statement: StatementRecord;
  readonly kept: ResultRows;
  readonly source: Source;
  readonly range: CellRange | null;
  readonly format: FileFormat;
  readonly target: Uri;
  /** Where the query runs again; null where it does not. */
  readonly connection: OpenConnection | null;
}

/** Writes a result to a file while its rows arrive: nothing is held beyond a page. */
export async function exportResult(services: Services, statement: StatementRecord): Promise<void> {
  const { kept } = statement;
  if (kept === null) return;
  const title = l10n.t("Export Result");
  const selected = services.resultsView.selected;
  const marked = selected?.statementId === statement.id ? selected.range : null;
  const range = marked === null || isOneCell(marked) ? null : marked;
  const source = await pickSource(statement, kept, range);
  const format = source && (await pickFileFormat(title));
  if (source === null || format === null) return;
  const connection = source === "rerun" ? await connectionForRerun(services, statement) : null;
  if (source === "rerun" && connection === null) return;
  const own = workspace.getWorkspaceFolder(Uri.parse(statement.origin.uri));
  const folder = (own ?? workspace.workspaceFolders?.[0])?.uri ?? Uri.file("/");
  const defaultUri = Uri.joinPath(folder, `result.${FILE_EXTENSIONS[format]}`);
  const target = await window.showSaveDialog({ title, defaultUri });
  if (target === undefined) return;
  const plan = { statement, kept, source, range, format, target, connection };
  const rowCount = await withProgress(services, plan);
  if (rowCount !== null) await announce(target, rowCount);
}

/** The connection to run a query on a second time: the one that its rows came from, where the user lets it. */
async function connectionForRerun(
  { results, connections }: Services,
  statement: StatementRecord,
): Promise<OpenConnection | null> {
  const name = results.connectionNameOf(statement.id);
  const connection = name === null ? null : connections.get(name);
  if (connection === null) {
    void window.showErrorMessage(
      l10n.t("{0} is not connected any more: connect it and export again.", name ?? ""),
    );
    return null;
  }
  return (await guardRerun(statement, connection)) ? connection : null;
}

async function pickSource(
  statement: StatementRecord,
  kept: ResultRows,
  range: CellRange | null,
): Promise<Source | null> {
  const { more, rowCount, shownCount, arrangement } = kept;
  const count = (rows: number) => rows.toLocaleString("en");
  const items: (QuickPickItem & { source: Source })[] = [];
  if (more === "open") {
    const detail = l10n.t(
      "the {0} rows that are loaded, and the rest straight from the server",
      count(rowCount),
    );
    items.push({ label: l10n.t("All rows of the query"), detail, source: "continue" });
  } else if (more !== "none" && canBeRead(statement.text) && effectOf(statement.text).kind !== "write") {
    const detail = l10n.t("runs the query again, since only {0} rows are loaded", count(rowCount));
    items.push({ label: l10n.t("All rows of the query"), detail, source: "rerun" });
  }
  const isArranged = arrangement.filters.length > 0 || arrangement.sort.length > 0;
  const detail = isArranged ? l10n.t("filtered and sorted as in the grid") : "";
  items.push({ label: l10n.t("The {0} rows that show", count(shownCount)), detail, source: "shown" });
  if (range !== null) {
    const size = [range.lastRow - range.firstRow + 1, range.lastColumn - range.firstColumn + 1];
    items.push({
      label: l10n.t("The marked cells"),
      detail: l10n.t("{0} rows, {1} columns", ...size.map(count)),
      source: "marked",
    });
  }
  const [only] = items;
  if (items.length === 1 && only !== undefined) return only.source;
  return (await window.showQuickPick(items, { title: l10n.t("Rows to Export") }))?.source ?? null;
}

/** Says how many rows were written; null where it failed or was cancelled. */
function withProgress(services: Services, plan: Plan): Thenable<number | null> {
  const options = { location: ProgressLocation.Notification, title: l10n.t("Exporting"), cancellable: true };
  return window.withProgress(options, async (progress, token) => {
    const signal = signalOf(token);
    try {
      return await writeFile(services, plan, {
        signal,
        onProgress: (rows, bytes) => {
          const megabytes = (bytes / 1_000_000).toFixed(1);
          progress.report({ message: l10n.t("{0} rows, {1} MB", rows.toLocaleString("en"), megabytes) });
        },
      });
    } catch (error) {
      const { message, isCancelled } = describeFailure(error, signal);
      if (!isCancelled) void window.showErrorMessage(l10n.t("The export failed: {0}", message));
      return null;
    }
  });
}

async function writeFile(
  services: Services,
  plan: Plan,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (rows: number, bytes: number) => void },
): Promise<number> {
  const { statement, format, source, target } = plan;
  const tableName = format === "insert" ? await tableNameOf(services, statement) : null;
  const file = await FileTarget.create(target, services.context.globalStorageUri);
  let rowCount = 0;
  let text: TableText | null = null;
  const sink: RowSink = {
    async columns(columns) {
      text = tableText(format, { columns, tableName });
      await file.write(text.head());
    },
    async rows(rows) {
      signal.throwIfAborted();
      if (text !== null) await file.write(text.rows(rows));
      rowCount += rows.length;
      onProgress(rowCount, file.bytes);
    },
  };
  const letGo = plan.kept.hold();
  try {
    await feed(services, plan, { sink, signal });
    await file.write(closing(text));
    await file.commit();
  } finally {
    letGo();
    await file.discard();
    if (source === "continue") services.results.changed();
  }
  return rowCount;
}

function closing(text: TableText | null): string {
  return text?.foot() ?? "";
}

async function feed(
  { sessions }: Services,
  { statement, kept, source, range, connection }: Plan,
  { sink, signal }: { sink: RowSink; signal: AbortSignal },
): Promise<void> {
  const session = sessions.find(Uri.parse(statement.origin.uri));
  if (source === "continue") return drain(statement, session, { sink, signal });
  if (connection !== null)
    return rerun(statement, { database: connection.database, session }, { sink, signal });
  const part = source === "marked" ? range : null;
  await sink.columns(
    part === null ? kept.columns : kept.columns.slice(part.firstColumn, part.lastColumn + 1),
  );
  for await (const rows of kept.read(part, new Slices(signal))) await sink.rows(rows);
}

function signalOf(token: CancellationToken): AbortSignal {
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}

async function announce(target: Uri, rowCount: number): Promise<void> {
  const open = l10n.t("Open");
  const message = l10n.t("{0} rows exported.", rowCount.toLocaleString("en"));
  if ((await window.showInformationMessage(message, open)) === open) await window.showTextDocument(target);
}
