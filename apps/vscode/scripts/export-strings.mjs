// Writes l10n/bundle.l10n.json: every text that the extension shows, for translators.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

const CALL = /\b(?:l10n\.t|said)\(\s*(?!text: string)/g;
const LITERAL = /"(?:[^"\\]|\\.)*"(\s*\+\s*)?/y;

/** The text that a call begins with, which may be put together of several literals. */
function textAt(source, offset, file) {
  let text = "";
  LITERAL.lastIndex = offset;
  for (let part = LITERAL.exec(source); part !== null; part = LITERAL.exec(source)) {
    text += JSON.parse(part[0].replace(/\s*\+\s*$/, ""));
    if (part[1] === undefined) return text;
  }
  throw new Error(
    `${file}: what is to be translated must be written out: ${source.slice(offset, offset + 40)}`,
  );
}

/** Of the host and of its views, which share one bundle. */
function sourceFiles() {
  return ["src", "webviews"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => join(folder, file)),
  );
}

/** The texts of all `l10n.t("…")` and `said("…")` calls, sorted. */
export function exportStrings() {
  const found = new Set();
  for (const file of sourceFiles()) {
    const source = readFileSync(join(root, file), "utf8");
    for (const { index, 0: call } of source.matchAll(CALL))
      found.add(textAt(source, index + call.length, file));
  }
  return Object.fromEntries([...found].sort().map((text) => [text, text]));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, "l10n", "bundle.l10n.json"), `${JSON.stringify(exportStrings(), null, 2)}\n`);
}
