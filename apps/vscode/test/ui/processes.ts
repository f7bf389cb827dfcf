import { execFileSync } from "node:child_process";

/** The processes that have a folder among their arguments or as their temporary folder, each as a line with its id. */
export function processesIn(folder: string): readonly string[] {
  // The environment of a process stands behind its arguments.
  const all = execFileSync("ps", ["axeww", "-o", "pid=,command="], { encoding: "utf8", maxBuffer: 64 << 20 });
  const lines = all.split("\n").filter((line) => line.includes(folder));
  return lines.map((line) => line.trim().slice(0, 200));
}
