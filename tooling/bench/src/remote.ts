import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Contestant, Figures } from "./bench-case.ts";

/** What a worker is started with. */
export interface WorkerOptions {
  readonly name: string;
  readonly module: string;
  readonly args: readonly string[];
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
}

function isFigures(value: unknown): value is Figures {
  return typeof value === "object" && value !== null && Object.values(value).every(Number.isFinite);
}

async function answerOf(child: ChildProcess, name: string): Promise<unknown> {
  const gone = once(child, "exit").then(([code]): never => {
    throw new Error(`the worker for ${name} ended with ${code}`);
  });
  const [answer]: unknown[] = await Promise.race([once(child, "message"), gone]);
  return answer;
}

/**
 * A contestant in a process of its own, which stays up from turn to turn: an instrumentation that has patched the driver, or
 * an option of Node, is there for everybody in its process.
 */
export async function startRemote(options: WorkerOptions): Promise<Contestant> {
  const { name, module, args, nodeOptions = [] } = options;
  const child = fork(module, [...args], {
    execArgv: [...nodeOptions],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  await answerOf(child, name);
  return {
    name,
    run: async () => {
      const answer = answerOf(child, name);
      child.send("run");
      const figures = await answer;
      if (isFigures(figures)) return figures;
      throw new Error(`the worker for ${name} answered ${JSON.stringify(figures)}`);
    },
    close: async () => {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

/** The other end: says that it is ready, then measures each time that it is asked, until nobody asks any more. */
export function serveTurns(run: () => Promise<Figures>, close: () => Promise<void>): void {
  process.on("message", () => void run().then((figures) => process.send?.(figures)));
  process.once("disconnect", () => void close().then(() => process.exit(0)));
  process.send?.("ready");
}
