import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import {
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  RelativePattern,
  Uri,
  type WorkspaceFolder,
  workspace,
} from "vscode";
import { readVariables } from "../../model/connections/dotenv.ts";
import {
  type FoundConnection,
  foundInPasswordFile,
  foundInVariables,
  foundServices,
} from "../../model/connections/found-connections.ts";
import { isDiscoveryEnabled } from "../../vscode/settings.ts";

/** `.env` and its variants, but not the samples that are checked in. */
const DOTENV = /^\.env(?:\.(?!example$|sample$|template$|dist$|defaults?$)[\w.-]+)?$/;

type Parse = (text: string, place: string) => readonly FoundConnection[];

/**
 * Connections that lie about: in the environment, in `.env` files, in service and password files.
 *
 * Nothing is read before the first `look`; from then on the `.env` files are watched. Restricted Mode reads nothing.
 */
export class Discovery implements Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly onDidChange: Event<void> = this.#changed.event;
  #watchers: readonly Disposable[] | null = null;
  #found: readonly FoundConnection[] = [];

  /** What the last look found. */
  get found(): readonly FoundConnection[] {
    return this.#found;
  }

  /** Looks everywhere anew. */
  async look(): Promise<readonly FoundConnection[]> {
    const isLooking = isDiscoveryEnabled() && workspace.isTrusted;
    if (isLooking) this.#watch();
    const found = isLooking ? await findConnections() : [];
    const isSame = JSON.stringify(found) === JSON.stringify(this.#found);
    this.#found = found;
    if (!isSame) this.#changed.fire();
    return found;
  }

  dispose(): void {
    for (const watcher of this.#watchers ?? []) watcher.dispose();
    this.#changed.dispose();
  }

  #watch(): void {
    if (this.#watchers !== null) return;
    const look = (): void => void this.look();
    const watchers = (workspace.workspaceFolders ?? []).map((folder) => {
      const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, ".env*"));
      watcher.onDidChange(look);
      watcher.onDidCreate(look);
      watcher.onDidDelete(look);
      return watcher;
    });
    this.#watchers = [...watchers, workspace.onDidChangeWorkspaceFolders(() => this.#watchAnew())];
  }

  #watchAnew(): void {
    for (const watcher of this.#watchers ?? []) watcher.dispose();
    this.#watchers = null;
    void this.look();
  }
}

async function findConnections(): Promise<readonly FoundConnection[]> {
  const places = [
    foundInVariables(process.env, { place: l10n.t("environment"), isSupplied: false }),
    ...(workspace.workspaceFolders ?? []).map(findInFolder),
    readOwn(serviceFile(), foundServices),
    readOwn(passwordFile(), foundInPasswordFile),
  ];
  return (await Promise.all(places)).flat();
}

/** The workspace may lie anywhere, so its files are read through the editor. */
async function findInFolder(folder: WorkspaceFolder): Promise<readonly FoundConnection[]> {
  try {
    const entries = await workspace.fs.readDirectory(folder.uri);
    const names = entries.map(([name]) => name).filter((name) => DOTENV.test(name));
    return (await Promise.all(names.sort().map((name) => readDotenv(folder, name)))).flat();
  } catch {
    return [];
  }
}

async function readDotenv(folder: WorkspaceFolder, name: string): Promise<readonly FoundConnection[]> {
  const bytes = await workspace.fs.readFile(Uri.joinPath(folder.uri, name));
  const isOnly = workspace.workspaceFolders?.length === 1;
  const place = isOnly ? name : `${folder.name}/${name}`;
  return foundInVariables(readVariables(new TextDecoder().decode(bytes)), { place, isSupplied: true });
}

/** A file of the user's own, on the machine that connects; most have none. */
async function readOwn(path: string, parse: Parse): Promise<readonly FoundConnection[]> {
  try {
    return parse(await readFile(path, "utf8"), path.replace(homedir(), "~"));
  } catch {
    return [];
  }
}

function ownFile(posix: string, windows: string): string {
  const { APPDATA } = process.env;
  return process.platform === "win32" && APPDATA !== undefined
    ? join(APPDATA, "postgresql", windows)
    : join(homedir(), posix);
}

function serviceFile(): string {
  return process.env.PGSERVICEFILE ?? ownFile(".pg_service.conf", ".pg_service.conf");
}

function passwordFile(): string {
  return process.env.PGPASSFILE ?? ownFile(".pgpass", "pgpass.conf");
}
