import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EditorServer } from "@rockpool/editor";
import type { BrowserContext } from "playwright-core";

const LANGUAGE = "qps-ploc";

/** The text as the language has it: in brackets, so that one that nobody translates shows. */
function pseudo(text: string): string {
  return text
    .split("\n")
    .map((line) => `⟦${line}⟧`)
    .join("\n");
}

function translate(folder: string, from: string, to: string): void {
  const texts: Record<string, string> = JSON.parse(readFileSync(join(folder, from), "utf8"));
  const translated = Object.entries(texts).map(([key, text]) => [key, pseudo(text)]);
  writeFileSync(join(folder, to), JSON.stringify(Object.fromEntries(translated)));
}

/** Gives the installed extension a translation into a language that only tests speak. */
export function installPseudoLanguage({ home }: EditorServer): void {
  const extensions = join(home, "ext");
  const name = readdirSync(extensions).find((each) => each.startsWith("rockpool.rockpool-"));
  if (name === undefined) throw new Error("the extension is not installed");
  const folder = join(extensions, name);
  translate(folder, "package.nls.json", `package.nls.${LANGUAGE}.json`);
  translate(join(folder, "l10n"), "bundle.l10n.json", `bundle.l10n.${LANGUAGE}.json`);
}

/** Makes the workbench take itself for one in that language; its own texts stay what they are. */
export async function speakPseudoLanguage(context: BrowserContext): Promise<void> {
  await context.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(LANGUAGE)};`);
}
