// Runs the playground as a process of its own, as `npm start -- --no-editor` does, on a PostgreSQL of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { startPostgres } from "@rockpool/postgres";

const program = resolve(import.meta.dirname, "../dist/main.js");

/**
 * Runs it for so many seconds, and `work` beside it; whatever happens, nothing of it is left.
 *
 * @param {{ seconds: number, rate: number, max?: number, variables: Record<string, string> }} options
 * @param {(databaseUrl: string) => Promise<void>} [work] - the playground ends where this ends first; without it, when its time is over.
 */
export async function runPlayground({ seconds, rate, max = 10, variables }, work) {
  const server = await startPostgres();
  const flags = { "database-url": server.url, port: 0, seconds, rate, max };
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  const child = spawn(process.execPath, [program, "--json", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...variables },
  });
  const exit = once(child, "exit").then(([code]) => {
    if (code !== 0) throw new Error(`the playground ended with ${code}`);
  });
  try {
    await (work === undefined ? exit : Promise.race([work(server.url), exit]));
  } finally {
    child.kill("SIGINT");
    await exit.catch(() => {});
    await server.stop();
  }
}
