import { tokenAt } from "./lexer.ts";

/** Whether a statement is a `COPY … TO STDOUT`, whose output comes as lines instead of rows. */
export function isCopyToStdout(text: string): boolean {
  let depth = 0;
  let previous = "";
  let isCopy = false;
  for (let token = tokenAt(text, 0); token !== null; token = tokenAt(text, token.end)) {
    if (token.kind === "space" || token.kind === "comment") continue;
    const part = text.slice(token.start, token.end).toLowerCase();
    if (!isCopy && part !== "copy") return false;
    isCopy = true;
    if (part === ")") depth--;
    if (depth === 0 && token.kind === "word" && part === "stdout" && previous === "to") return true;
    if (part === "(") depth++;
    previous = token.kind === "word" ? part : "";
  }
  return false;
}
