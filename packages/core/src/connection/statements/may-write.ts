import { factsOf } from "./statement-facts.ts";

/** Commands that write nothing by themselves. A function that they call can write all the same. */
const readers: ReadonlySet<string> = new Set([
  "",
  "close",
  "declare",
  "explain",
  "fetch",
  "listen",
  "move",
  "release",
  "reset",
  "rollback",
  "savepoint",
  "select",
  "set",
  "show",
  "table",
  "unlisten",
  "values",
]);

/** Whether the text is one statement of a kind that writes as a rule. */
export function mayWrite(text: string): boolean {
  const { statements } = factsOf(text);
  const [statement] = statements;
  return (
    statements.length === 1 &&
    statement !== undefined &&
    statement.verb === null &&
    !readers.has(statement.command)
  );
}
