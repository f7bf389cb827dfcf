import { type ChildProcess, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { KIT_FOLDER } from "./kit.ts";

type Kind = "group" | "folder";

let guard: ChildProcess | null = null;
const groups = new Set<number>();
const folders = new Set<string>();

/** Ends the process group with this process, however this process ends, until the returned function is called. */
export function guardGroup(pid: number): () => void {
  groups.add(pid);
  tell("+", "group", String(pid));
  return () => {
    groups.delete(pid);
    tell("-", "group", String(pid));
  };
}

/** Removes the folder with this process, however this process ends, until the returned function is called. */
export function guardFolder(folder: string): () => void {
  folders.add(folder);
  tell("+", "folder", folder);
  return () => {
    folders.delete(folder);
    tell("-", "folder", folder);
  };
}

export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}

function tell(sign: "+" | "-", kind: Kind, subject: string): void {
  guard ??= startGuard();
  guard.stdin?.write(`${sign} ${kind} ${subject}\n`);
}

/** Neither the guard nor the pipe to it keeps this process alive. */
function startGuard(): ChildProcess {
  const child = spawn(process.execPath, [join(KIT_FOLDER, "guard.mjs")], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  // A guard that is gone guards nothing, and an error of its pipe must not end the guarded.
  child.on("error", () => {});
  child.stdin?.on("error", () => {});
  if (child.stdin !== null && "unref" in child.stdin && typeof child.stdin.unref === "function") {
    child.stdin.unref();
  }
  process.on("exit", cleanUp);
  return child;
}

function cleanUp(): void {
  for (const pid of groups) killGroup(pid, "SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
