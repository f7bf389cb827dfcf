// A process that outlives its parent by a moment: when the pipe on its standard input ends, however the parent died,
// it ends the parent's process groups and removes the parent's temporary folders.
//
// One command a line: "<+ or -> <group | folder> <pid or path>".
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";

const guarded = { group: new Set(), folder: new Set() };

function obey(line) {
  const [, sign, kind, subject] = /^([+-]) (group|folder) (.+)$/.exec(line) ?? [];
  if (sign === "+") guarded[kind].add(subject);
  else if (sign === "-") guarded[kind].delete(subject);
}

function cleanUp() {
  for (const pid of guarded.group) {
    try {
      process.kill(-Number(pid), "SIGKILL");
    } catch {
      // Nobody is left in the group.
    }
  }
  for (const folder of guarded.folder) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

// The terminal's Ctrl-C is for the parent, whose end is what counts here.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
createInterface({ input: process.stdin }).on("line", obey).on("close", cleanUp);
