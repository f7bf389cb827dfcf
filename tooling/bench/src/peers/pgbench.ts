import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Contestant } from "../bench-case.ts";
import { poolSize } from "./peer-pool.ts";

const run = promisify(execFile);

/** PostgreSQL's own load generator, written in C; null where it is not installed. */
export function pgbench(databaseUrl: string, script: string, seconds: number): Contestant | null {
  const program = [
    process.env.PGBENCH,
    "/usr/bin/pgbench",
    "/usr/local/bin/pgbench",
    "/opt/homebrew/bin/pgbench",
  ].find((path) => path !== undefined && existsSync(path));
  if (program === undefined) return null;
  return {
    name: "pgbench -M prepared",
    run: async () => {
      const folder = await mkdtemp(join(tmpdir(), "rockpool-pgbench-"));
      try {
        const file = join(folder, "script.sql");
        await writeFile(file, script);
        const options = ["-n", "-M", "prepared", "-c", String(poolSize), "-T", String(seconds), "-f", file];
        const { stdout } = await run(program, [...options, databaseUrl]);
        const rate = Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
        if (!Number.isFinite(rate)) throw new Error(`pgbench printed no rate:\n${stdout}`);
        return { rate, cpu: Number.NaN };
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    close: async () => {},
  };
}
