import { spawn } from "node:child_process";

/** @type {Set<number>} */
const groups = new Set();

process.on("exit", () => {
  for (const pid of groups) killGroup(pid, "SIGKILL");
});

/**
 * Starts a child in a process group of its own, so that it and whatever it started end together.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
export function spawnGroup(command, args, options) {
  const onWindows = process.platform === "win32";
  // On Windows npm and npx are scripts, which only a shell starts.
  const child = spawn(command, args, { ...options, detached: !onWindows, shell: onWindows });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  child.once("exit", () => {
    if (pid !== undefined) {
      killGroup(pid, "SIGKILL");
      groups.delete(pid);
    }
  });
  return child;
}

/**
 * @param {number} pid - of the group's leader
 * @param {NodeJS.Signals} signal
 */
export function killGroup(pid, signal) {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}
