import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** @type {Set<string>} */
const folders = new Set();

process.on("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

/**
 * A temporary folder for the tools that a command runs: package managers and builders leave locks and caches there. It
 * goes with this process.
 *
 * @returns {string}
 */
export function makeScratch() {
  const folder = mkdtempSync(join(tmpdir(), "rockpool-command-"));
  folders.add(folder);
  return folder;
}

/** @param {string} folder */
export function removeScratch(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  folders.delete(folder);
}
