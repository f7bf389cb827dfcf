import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export type GuardedKind = "child" | "server" | "folder";

let watchdog: ChildProcess | null = null;

/**
 * Names something that must not outlive this process: a child, the server of a data directory, a folder.
 *
 * A watchdog process on a pipe ends it when this process is gone, also after SIGKILL. There is one for all servers.
 */
export function guard(kind: GuardedKind, subject: string | number): void {
  tell(`+ ${kind} ${subject}\n`);
}

/** Takes back what {@link guard} said, once the subject has ended in order. */
export function unguard(kind: GuardedKind, subject: string | number): void {
  tell(`- ${kind} ${subject}\n`);
}

function tell(line: string): void {
  watchdog ??= startWatchdog();
  watchdog.stdin?.write(line);
}

function startWatchdog(): ChildProcess {
  const child = spawn(process.execPath, [fileURLToPath(new URL("../watchdog.mjs", import.meta.url))], {
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    detached: true,
    env: { ...process.env, NODE_OPTIONS: "", ELECTRON_RUN_AS_NODE: "1" },
  });
  child.unref();
  // A pipe is a socket underneath, and as such it would keep the event loop alive.
  if (child.stdin !== null && "unref" in child.stdin && typeof child.stdin.unref === "function") {
    child.stdin.unref();
  }
  child.stdin?.on("error", () => {});
  return child;
}
