import { cpSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { chmod, mkdtemp, rename, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { guard, unguard } from "./guard.ts";
import { diagnoseLaunch, LaunchError } from "./launch-error.ts";
import { runCommand } from "./run-command.ts";
import { serverUser } from "./server-user.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

/**
 * Returns a folder of server programs that the server's user can execute.
 *
 * The package's own folder serves where it can. Where it cannot, because its library links were never made (package
 * managers skip install scripts) or because the server's user cannot enter the project, a copy in the cache does.
 *
 * @throws {LaunchError} `POSTGRES_DISK_FULL`, or `POSTGRES_NO_BINARY` with what the programs say.
 */
export async function prepareNative(native: string, onProgress: (line: string) => void): Promise<string> {
  let reason = await whyNotRunnable(native);
  if (reason === null) return native;
  for (const cache of [cacheDirectory(), null]) {
    try {
      const copy = await cachedCopy(native, cache, onProgress);
      reason = await whyNotRunnable(copy);
      if (reason === null) return copy;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  if (/ENOSPC|EDQUOT/.test(reason)) {
    throw diagnoseLaunch("copying the PostgreSQL programs", reason, { dataDirectory: tmpdir(), port: 0 });
  }
  throw new LaunchError("POSTGRES_NO_BINARY", `the PostgreSQL programs from npm do not run here: ${reason}`);
}

/** Where downloaded and prepared server programs are kept; `null` where there is no place that only we can write. */
export function cacheDirectory(): string | null {
  const folder = process.env.ROCKPOOL_CACHE || join(systemCacheDirectory(), "rockpool");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    const status = lstatSync(folder);
    if (process.getuid === undefined) return folder;
    const isOurs = status.isDirectory() && status.uid === process.getuid() && (status.mode & 0o022) === 0;
    return isOurs ? folder : null;
  } catch {
    return null;
  }
}

function systemCacheDirectory(): string {
  // Root's own cache is in a home that the server's user cannot enter.
  if (process.getuid?.() === 0) return process.platform === "darwin" ? "/Library/Caches" : "/var/cache";
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches");
  if (process.platform === "win32") return process.env.LOCALAPPDATA || join(homedir(), "AppData", "Local");
  return process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
}

async function cachedCopy(
  native: string,
  cache: string | null,
  onProgress: (line: string) => void,
): Promise<string> {
  if (cache === null) {
    const folder = join(makeTemporaryFolder(serverUser()), "native");
    copyAndLink(native, folder);
    return folder;
  }
  const target = join(cache, `postgres-${packageVersion(native)}-${process.platform}-${process.arch}`);
  if (existsSync(target)) return target;
  onProgress("preparing the PostgreSQL programs (once)");
  await publish(target, (folder) => copyAndLink(native, folder));
  return target;
}

/**
 * Fills a folder beside its final place and moves it there in one step, so that a reader finds all or nothing; of
 * several processes that do so at once, the first to finish wins and the others drop theirs.
 */
export async function publish(target: string, fill: (folder: string) => void | Promise<void>): Promise<void> {
  const draft = await mkdtemp(join(dirname(target), ".draft-"));
  guard("folder", draft);
  try {
    await fill(draft);
    await chmod(draft, 0o755);
    await rename(draft, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
    unguard("folder", draft);
  }
}

function copyAndLink(native: string, folder: string): void {
  cpSync(native, folder, { recursive: true, dereference: true, force: true });
  makeLinks(folder);
}

/** Makes the library links that the package's install script would make. */
export function makeLinks(folder: string): void {
  const list = join(folder, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of readLinks(list)) {
    const link = join(folder, relative("native", target));
    if (!existsSync(link)) symlinkSync(basename(source), link);
  }
}

interface Link {
  readonly source: string;
  readonly target: string;
}

function readLinks(list: string): Link[] {
  const parsed: unknown = JSON.parse(readFileSync(list, "utf8"));
  return Array.isArray(parsed) ? parsed.filter(isLink) : [];
}

function isLink(value: unknown): value is Link {
  if (typeof value !== "object" || value === null || !("source" in value) || !("target" in value))
    return false;
  return typeof value.source === "string" && typeof value.target === "string";
}

function packageVersion(native: string): string {
  const parsed: unknown = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8"));
  const version =
    typeof parsed === "object" && parsed !== null && "version" in parsed ? parsed.version : null;
  return typeof version === "string" ? version : "unknown";
}

/** What a program of the folder says when the server's user cannot run it; `null` where all three run. */
export async function whyNotRunnable(native: string): Promise<string | null> {
  for (const program of ["postgres", "initdb", "pg_ctl"]) {
    const { exitCode, output } = await runCommand(join(native, "bin", program), ["--version"], {
      user: serverUser(),
    });
    if (exitCode !== 0) return output.trim() || `${program} ended with ${exitCode}`;
  }
  return null;
}
