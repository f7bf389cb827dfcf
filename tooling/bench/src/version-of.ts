import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** The version of an installed package, read from its manifest, which its exports may hide. */
export function versionOf(name: string): string {
  for (let folder = dirname(require.resolve(name)); ; folder = dirname(folder)) {
    const manifest = manifestIn(folder);
    if (manifest?.name === name) return String(manifest.version);
    if (folder === dirname(folder)) throw new Error(`${name} has no manifest`);
  }
}

function manifestIn(folder: string): { name?: unknown; version?: unknown } | null {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  } catch {
    return null;
  }
}
