import { l10n } from "vscode";

/** A text of the model in the editor's language, or as it is where nobody has translated it. */
export function translated(text: string): string {
  return l10n.bundle?.[text] ?? text;
}
