import { commands } from "vscode";

/** The extension's context keys; commands and menus in package.json name them in their `when` clauses. */
export type ContextKey =
  | "connected"
  | "running"
  | "inTransaction"
  | "transactionFailed"
  | "leaseHeld"
  | "hasResults"
  | "receiving"
  | "watching";

const known = new Map<ContextKey, boolean>();

/** Sets `rockpool.<key>`, and says so to the editor only where it changes. */
export function setContextKey(key: ContextKey, value: boolean): void {
  if (known.get(key) === value) return;
  known.set(key, value);
  void commands.executeCommand("setContext", `rockpool.${key}`, value);
}

let unbound = "[]";

/** Tells the editor which documents want no connection, so that the keys of SQL editors leave them alone. */
export function setUnboundEditors(paths: readonly string[]): void {
  const now = JSON.stringify(paths);
  if (now === unbound) return;
  unbound = now;
  void commands.executeCommand("setContext", "rockpool.unbound", paths);
}
