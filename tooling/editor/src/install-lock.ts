import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MILLIS = 200;

export interface InstallLockOptions {
  /** Whether the wait has become pointless. */
  readonly isDone: () => boolean;
  readonly onWait: () => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Waits until no other process holds the lock and takes it; null where `isDone` was true first.
 *
 * It only saves a second download: an installation appears by one rename, whether or not two are made.
 */
export async function takeInstallLock(
  file: string,
  { isDone, onWait, signal }: InstallLockOptions,
): Promise<(() => void) | null> {
  for (let isFirst = true; !isDone(); isFirst = false) {
    if (take(file)) return () => rmSync(file, { force: true });
    if (isAbandoned(file)) rmSync(file, { force: true });
    else {
      if (isFirst) onWait();
      await sleep(POLL_MILLIS, undefined, signal === undefined ? {} : { signal });
    }
  }
  return null;
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function isAbandoned(file: string): boolean {
  try {
    const pid = Number(readFileSync(file, "utf8"));
    // Empty: its owner is between creating and writing it.
    if (!Number.isInteger(pid) || pid <= 0) return false;
    return !isRunning(pid);
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
