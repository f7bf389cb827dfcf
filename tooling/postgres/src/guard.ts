import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export type GuardedKind = "child" | "server" | "folder";

const subjects = new Set<string>();
let watchdog: ChildProcess | null = null;

/**
 * Names something that must not outlive this process: a child, the server of a data directory, a folder.
 *
 * A watchdog process on a pipe ends it when this process is gone, also after SIGKILL. There is one for all servers.
 */
export function guard(kind: GuardedKind, subject: string | number): void {
  subjects.add(`${kind} ${subject}`);
  if (watchdog === null) watchdog = startWatchdog();
  else watchdog.stdin?.write(`+ ${kind} ${subject}\n`);
}

/** Takes back what {@link guard} said, once the subject has ended in order. */
export function unguard(kind: GuardedKind, subject: string | number): void {
  if (subjects.delete(`${kind} ${subject}`)) watchdog?.stdin?.write(`- ${kind} ${subject}\n`);
}

/** Ends the watchdog if nothing is left to guard, and resolves when it is gone. */
export async function dismissWatchdog(): Promise<void> {
  const idle = watchdog;
  if (idle === null || subjects.size > 0) return;
  watchdog = null;
  idle.ref();
  const gone = once(idle, "exit");
  idle.stdin?.end();
  await gone;
}

function startWatchdog(): ChildProcess {
  const child = spawn(process.execPath, [fileURLToPath(new URL("../watchdog.mjs", import.meta.url))], {
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    detached: true,
    windowsHide: true,
    env: { ...process.env, NODE_OPTIONS: "", ELECTRON_RUN_AS_NODE: "1" },
  });
  child.unref();
  // A pipe is a socket underneath, and as such it would keep the event loop alive.
  if (child.stdin !== null && "unref" in child.stdin && typeof child.stdin.unref === "function") {
    child.stdin.unref();
  }
  child.stdin?.on("error", () => {});
  child.once("exit", () => {
    // Whoever guards something next starts another one, which learns of everything.
    if (watchdog === child) watchdog = null;
  });
  for (const subject of subjects) child.stdin?.write(`+ ${subject}\n`);
  return child;
}
