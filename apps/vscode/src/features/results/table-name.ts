import { Uri } from "vscode";
import type { StatementRecord } from "../../model/results/statement-record.ts";
import type { Services } from "../../services.ts";

const TIMEOUT_MILLIS = 2_000;

/** The one table that a result's columns come from, as SQL writes it; null where there are several, or it cannot be asked for. */
export async function tableNameOf(
  { sessions }: Services,
  { kept, origin }: StatementRecord,
): Promise<string | null> {
  const tables = new Set(kept?.columns.map(({ tableId }) => tableId).filter((id) => id !== 0));
  const [table] = tables;
  const connection = sessions.connectionOf(Uri.parse(origin.uri));
  if (table === undefined || tables.size > 1 || connection === null) return null;
  // Without a name the text is still of use, so that a server that is gone or slow must not stand in the way.
  return connection.database.tableName(table, AbortSignal.timeout(TIMEOUT_MILLIS)).catch(() => null);
}
