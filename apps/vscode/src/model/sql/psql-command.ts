/** Commands that only change what psql shows, so that a script means the same without them. */
const DISPLAY_COMMANDS = new Set([
  ...["a", "C", "f", "H", "t", "T", "x", "pset", "timing", "encoding", "errverbose"],
  ...["echo", "qecho", "warn", "restrict", "unrestrict", "set", "unset"],
]);

/** The name of a backslash command, with its backslash. */
export function psqlCommandName(text: string): string {
  return /^\\[A-Za-z_]*[+?!]?/.exec(text)?.[0] ?? "\\";
}

/** Whether a script can go on without the command: it shows something, or guards what pg_dump wrote. */
export function isDisplayCommand(text: string): boolean {
  return DISPLAY_COMMANDS.has(psqlCommandName(text).slice(1));
}
