import { commands } from "vscode";

/** The extension's context keys; commands and menus in package.json name them in their `when` clauses. */
export type ContextKey =
  | "connected"
  | "bound"
  | "running"
  | "inTransaction"
  | "transactionFailed"
  | "leaseHeld"
  | "hasResults"
  | "receiving";

const known = new Map<ContextKey, boolean>();

/** Sets `rockpool.<key>`, and says so to the editor only where it changes. */
export function setContextKey(key: ContextKey, value: boolean): void {
  if (known.get(key) === value) return;
  known.set(key, value);
  void commands.executeCommand("setContext", `rockpool.${key}`, value);
}
