import { chownSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dismissWatchdog, guard, unguard } from "./guard.ts";
import { diagnoseLaunch } from "./launch-error.ts";
import type { ServerUser } from "./server-user.ts";

/** Makes a folder (mode 0700) that belongs to the server's user and does not outlive this process. */
export function makeTemporaryFolder(user: ServerUser): string {
  const folder = makeFolder();
  guard("folder", folder);
  giveTo(user, folder);
  return folder;
}

/** Removes what {@link makeTemporaryFolder} made. */
export async function removeTemporaryFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  unguard("folder", folder);
  await dismissWatchdog();
}

/** Gives a file or folder to the server's user; nothing to do where that is the caller. */
export function giveTo({ uid, gid }: ServerUser, path: string): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), "rockpool-"));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw diagnoseLaunch("making a temporary folder", words, { dataDirectory: tmpdir(), port: 0 });
  }
}
