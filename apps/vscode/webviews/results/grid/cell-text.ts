const LINE_BREAK = /\r\n|[\r\n]/g;

/** A value on one line: a line break becomes a mark; so do spaces where blank space is to be seen. */
export function singleLine(text: string, blanks: "plain" | "marked"): string {
  const line = text.replace(LINE_BREAK, "⏎").replaceAll("\t", "⇥");
  return blanks === "plain" ? line : line.replaceAll(" ", "·").replaceAll("\u00a0", "⍽");
}

/** A value on its own lines, in which blank space is to be seen. */
export function markBlanks(text: string): string {
  return text
    .replaceAll(" ", "·")
    .replaceAll("\t", "⇥\t")
    .replaceAll("\u00a0", "⍽")
    .replace(LINE_BREAK, (lineBreak) => (lineBreak === "\n" ? "↵\n" : "␍↵\n"));
}
