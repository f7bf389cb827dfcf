import { Range, Uri, window, workspace } from "vscode";
import type { StatementRecord } from "../../model/results/statement-record.ts";

/** Shows a statement in its editor: where it failed, or all of it marked. */
export async function revealQuery(statement: StatementRecord): Promise<void> {
  const { failedAt, origin, text } = statement;
  if (origin.offset === Number.MAX_SAFE_INTEGER) return;
  const document = await workspace.openTextDocument(Uri.parse(origin.uri));
  const start = document.positionAt(origin.offset);
  const end = document.positionAt(origin.offset + text.length);
  const at = failedAt && document.validatePosition(start.with(failedAt.line - 1, failedAt.column - 1));
  await window.showTextDocument(document, { selection: at ? new Range(at, at) : new Range(start, end) });
}
