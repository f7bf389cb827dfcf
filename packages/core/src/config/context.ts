import { homedir, userInfo } from "node:os";
import { join } from "node:path";

/** What surrounds the process, as far as libpq looks at it. */
export interface ConfigContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Null where the process has none. */
  readonly homeDirectory: string | null;
}

/** What a caller may put in place of the surroundings of the process. */
export interface ContextOptions {
  /** Where `PG*` variables are read from. Default: `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where `.pgpass`, `.pg_service.conf` and `.postgresql/` lie. Default: `HOME`, else the home of the user. */
  readonly homeDirectory?: string | undefined;
}

/** Puts the surroundings together. */
export function createContext(options: ContextOptions = {}): ConfigContext {
  const environment = options.environment ?? process.env;
  return { environment, homeDirectory: options.homeDirectory ?? findHome(environment) };
}

function findHome(environment: ConfigContext["environment"]): string | null {
  if (environment.HOME) return environment.HOME;
  try {
    return homedir();
  } catch {
    return null;
  }
}

/** The name that the operating system has for the user; null where it has none. */
export function operatingSystemUser(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

/** Where libpq keeps a per-user file: in the home directory, or under `%APPDATA%` on Windows. */
export function userFile(
  context: ConfigContext,
  names: { readonly posix: string; readonly windows: string },
): string | null {
  if (process.platform === "win32") {
    const roaming = context.environment.APPDATA;
    return roaming ? join(roaming, "postgresql", names.windows) : null;
  }
  return context.homeDirectory === null ? null : join(context.homeDirectory, names.posix);
}
