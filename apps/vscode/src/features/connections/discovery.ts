import { Uri, workspace } from "vscode";
import { looksLikeConnection } from "../../model/connections/connection-text.ts";
import { readDotenv } from "../../model/connections/dotenv.ts";

/** A connection string that was found without asking. */
export interface FoundConnection {
  readonly label: string;
  readonly connection: string;
  readonly source: "environment" | "workspace";
}

const VARIABLE = "DATABASE_URL";
const FILES = [".env.local", ".env"];

async function readWorkspaceFile(folder: Uri, file: string): Promise<string | null> {
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(folder, file)));
  } catch {
    return null;
  }
}

/** DATABASE_URL of the environment, then of each workspace folder's `.env` files. Restricted Mode reads no files. */
export async function findConnections(): Promise<readonly FoundConnection[]> {
  const found: FoundConnection[] = [];
  const fromEnvironment = process.env[VARIABLE];
  if (fromEnvironment !== undefined && looksLikeConnection(fromEnvironment)) {
    found.push({ label: VARIABLE, connection: fromEnvironment, source: "environment" });
  }
  if (!workspace.isTrusted) return found;
  for (const folder of workspace.workspaceFolders ?? []) {
    for (const file of FILES) {
      const text = await readWorkspaceFile(folder.uri, file);
      const connection = text === null ? null : readDotenv(text, VARIABLE);
      if (connection === null || !looksLikeConnection(connection)) continue;
      found.push({ label: `${VARIABLE} · ${folder.name}/${file}`, connection, source: "workspace" });
    }
  }
  return found;
}
