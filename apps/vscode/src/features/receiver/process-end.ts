import { hostname } from "node:os";

const HERE = `@${hostname()}`;

/** Whether a process, named `<pid>@<host>`, ran on this machine and does no longer. In a container the host has another name. */
export function hasProcessEnded(process: string): boolean {
  if (!process.endsWith(HERE)) return false;
  const pid = Number(process.slice(0, -HERE.length));
  return Number.isSafeInteger(pid) && pid > 0 && !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    // Signal 0 asks only whether there is such a process.
    return process.kill(pid, 0);
  } catch (error) {
    // One that belongs to another user may not be asked, and is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
