import { createHash } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Binaries } from "./binaries.ts";
import { diagnoseLaunch } from "./launch-error.ts";
import { cacheDirectory, publish } from "./native-cache.ts";
import { runCommand } from "./run-command.ts";
import { serverUser } from "./server-user.ts";
import { giveTo } from "./temporary-folder.ts";

export interface DataDirectoryRequest {
  readonly binaries: Binaries;
  /** A folder that the server's user can enter, to run programs in. */
  readonly folder: string;
  readonly dataDirectory: string;
  /** Whether the directory lasts no longer than the server, so that it may be the twin of another one. */
  readonly isTemporary: boolean;
  readonly onProgress: (line: string) => void;
}

const OWN_SETTINGS = "include_if_exists = 'rockpool.conf'";

/**
 * Makes a data directory unless there is one, and has it read the launcher's settings.
 *
 * A temporary one is a copy of a template in the cache: to make one from nothing takes a second of processor time. Twins
 * share their system identifier, so a directory that the caller keeps is made anew.
 */
export async function prepareDataDirectory(request: DataDirectoryRequest): Promise<void> {
  const { binaries, dataDirectory, onProgress } = request;
  if (!existsSync(join(dataDirectory, "PG_VERSION"))) {
    onProgress(`making a PostgreSQL ${binaries.major} data directory`);
    makeFolder(dataDirectory);
    if (!(request.isTemporary && (await copyTemplate(request)))) await initialise(request, dataDirectory);
  }
  const file = join(dataDirectory, "postgresql.conf");
  if (!readFileSync(file, "utf8").includes(OWN_SETTINGS)) appendFileSync(file, `\n${OWN_SETTINGS}\n`);
}

function makeFolder(dataDirectory: string): void {
  try {
    mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
    if (readdirSync(dataDirectory).length === 0) giveTo(serverUser(), dataDirectory);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw diagnoseLaunch("making the data directory", words, { dataDirectory, port: 0 });
  }
}

async function initialise({ binaries, folder }: DataDirectoryRequest, dataDirectory: string): Promise<void> {
  const { exitCode, output } = await runCommand(
    join(binaries.directory, "initdb"),
    ["-D", dataDirectory, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
    { user: serverUser(), cwd: folder },
  );
  if (exitCode !== 0) throw diagnoseLaunch("making the data directory", output, { dataDirectory, port: 0 });
}

/** False where there is no cache, or no `cp`. */
async function copyTemplate(request: DataDirectoryRequest): Promise<boolean> {
  const cache = cacheDirectory();
  if (cache === null || process.platform === "win32") return false;
  const { binaries, folder, dataDirectory } = request;
  const programs = createHash("sha256").update(binaries.directory).digest("hex").slice(0, 12);
  const template = join(
    cache,
    `data-${binaries.major}-${programs}-${serverUser().uid ?? process.getuid?.()}`,
  );
  if (!existsSync(template)) {
    await publish(template, (draft) => {
      giveTo(serverUser(), draft);
      return initialise(request, join(draft, "data"));
    });
  }
  const { exitCode, output } = await runCommand("cp", ["-a", `${join(template, "data")}/.`, dataDirectory], {
    user: serverUser(),
    cwd: folder,
  });
  if (exitCode !== 0) throw diagnoseLaunch("making the data directory", output, { dataDirectory, port: 0 });
  return true;
}
