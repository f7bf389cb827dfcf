// Writes l10n/bundle.l10n.json: every text that the extension shows, for translators.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The texts of all `l10n.t("…")` calls, sorted. */
export function exportStrings() {
  const found = new Set();
  for (const file of readdirSync(join(root, "src"), { recursive: true })) {
    if (!file.endsWith(".ts")) continue;
    const source = readFileSync(join(root, "src", file), "utf8");
    for (const [, call] of source.matchAll(/l10n\.t\(([^;]*?)\)[;,\s)\]}`.]/g)) {
      for (const [literal] of call.matchAll(/"(?:[^"\\]|\\.)*"/g)) {
        const text = JSON.parse(literal);
        if (text !== "") found.add(text);
      }
    }
  }
  return Object.fromEntries([...found].sort().map((text) => [text, text]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, "l10n", "bundle.l10n.json"), `${JSON.stringify(exportStrings(), null, 2)}\n`);
}
