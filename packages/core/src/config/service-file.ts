import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { type ConfigContext, userFile } from "./context.ts";
import { findKeyword } from "./keywords.ts";
import type { ParsedValues } from "./parsed-values.ts";

/** What a service file says about one service. */
export interface Service {
  readonly path: string;
  readonly values: ParsedValues;
}

/** Debian's and upstream's place for the file of the whole machine. */
const systemDirectories = ["/etc/postgresql-common", "/usr/local/pgsql/etc"];
const longestLine = 1022;

/**
 * Finds a service as libpq does: in `PGSERVICEFILE` or else `~/.pg_service.conf`, and where that does not define it, in
 * `pg_service.conf` under `PGSYSCONFDIR`.
 *
 * @see {@link https://www.postgresql.org/docs/18/libpq-pgservice.html}
 */
export function findService(name: string, context: ConfigContext, source: string): Service {
  const looked: string[] = [];
  for (const path of serviceFiles(context)) {
    looked.push(path);
    const values = readService(path, name);
    if (values !== null) return { path, values };
  }
  const where = looked.length === 0 ? "there is no service file" : `looked in ${looked.join(", ")}`;
  throw new ConfigError(
    `service "${name}" from ${source} is not defined: ${where}; define it or set PGSERVICEFILE`,
    { source },
  );
}

function serviceFiles(context: ConfigContext): string[] {
  const files: string[] = [];
  const named = context.environment.PGSERVICEFILE;
  if (named !== undefined) {
    if (!existsSync(named)) {
      throw new ConfigError(`the service file "${named}" does not exist; create it or unset PGSERVICEFILE`, {
        source: "environment variable PGSERVICEFILE",
      });
    }
    files.push(named);
  } else {
    const own = userFile(context, { posix: ".pg_service.conf", windows: ".pg_service.conf" });
    if (own !== null && existsSync(own)) files.push(own);
  }
  const systemDirectory = context.environment.PGSYSCONFDIR;
  const candidates = systemDirectory === undefined ? systemDirectories : [systemDirectory];
  const system = candidates.map((directory) => join(directory, "pg_service.conf")).find(existsSync);
  if (system !== undefined) files.push(system);
  return files;
}

/** The values of one service; null where the file does not define it. */
function readService(path: string, name: string): ParsedValues | null {
  let values: ParsedValues | null = null;
  for (const [index, line] of readLines(path).entries()) {
    const text = line.replace(/^[ \t\v\f\r]+|[ \t\v\f\r]+$/g, "");
    if (Buffer.byteLength(line) >= longestLine)
      throw fileError(path, index, `is longer than ${longestLine} bytes`);
    if (text === "" || text.startsWith("#")) continue;
    if (text.startsWith("[")) {
      if (values !== null) return values;
      if (text.startsWith(`[${name}]`)) values = new Map();
    } else if (values !== null) {
      readSetting(values, text, { path, index });
    }
  }
  return values;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch (cause) {
    throw new ConfigError(`the service file "${path}" cannot be read; check its permissions`, {
      source: `service file ${path}`,
      cause,
    });
  }
}

function readSetting(values: ParsedValues, text: string, at: { path: string; index: number }): void {
  const equals = text.indexOf("=");
  if (equals === -1) throw fileError(at.path, at.index, 'lacks "="; write keyword=value');
  const keyword = text.slice(0, equals);
  if (keyword === "service")
    throw fileError(at.path, at.index, "names another service, which libpq does not follow");
  const rule = findKeyword(keyword);
  if (rule === null) {
    throw fileError(
      at.path,
      at.index,
      "has a keyword that libpq does not know; no blanks may stand before the =",
    );
  }
  if (!values.has(rule.keyword)) values.set(rule.keyword, text.slice(equals + 1));
}

function fileError(path: string, index: number, problem: string): ConfigError {
  return new ConfigError(`line ${index + 1} of service file "${path}" ${problem}`, {
    source: `service file ${path}`,
  });
}
