/** What somebody outside a pool can see of it. */
export type LogEntry =
  | { readonly event: "asked"; readonly caller: number }
  | { readonly event: "granted"; readonly caller: number; readonly backendPid: number }
  | { readonly event: "refused"; readonly caller: number; readonly because: string }
  | { readonly event: "answered"; readonly caller: number; readonly sent: number; readonly received: unknown }
  | { readonly event: "released"; readonly caller: number; readonly backendPid: number }
  | { readonly event: "backends"; readonly count: number };

/** What a pool must not do, in words; empty where it did nothing of the kind. Knows nothing of its insides. */
export function violations(log: readonly LogEntry[], max: number): string[] {
  const found: string[] = [];
  const pending: number[] = [];
  const holders = new Map<number, number>();
  for (const entry of log) {
    if (entry.event === "asked") pending.push(entry.caller);
    else if (entry.event === "refused") leave(pending, entry.caller, found);
    else if (entry.event === "granted") {
      if (pending[0] !== entry.caller)
        found.push(`caller ${entry.caller} was served before caller ${pending[0]}`);
      leave(pending, entry.caller, found);
      const other = holders.get(entry.backendPid);
      if (other !== undefined)
        found.push(`callers ${other} and ${entry.caller} share backend ${entry.backendPid}`);
      holders.set(entry.backendPid, entry.caller);
      if (holders.size > max) found.push(`${holders.size} leases, max is ${max}`);
    } else if (entry.event === "answered") {
      if (entry.received !== entry.sent)
        found.push(`caller ${entry.caller} sent ${entry.sent} and got ${entry.received}`);
    } else if (entry.event === "released") {
      if (holders.get(entry.backendPid) !== entry.caller)
        found.push(`caller ${entry.caller} released what it had not`);
      holders.delete(entry.backendPid);
    } else if (entry.count > max) found.push(`${entry.count} backends, max is ${max}`);
  }
  for (const caller of pending) found.push(`caller ${caller} was never answered`);
  for (const caller of holders.values()) found.push(`caller ${caller} never released`);
  return found;
}

/** Callers are settled once: one that is not pending is settled for the second time. */
function leave(pending: number[], caller: number, found: string[]): void {
  const at = pending.indexOf(caller);
  if (at < 0) found.push(`caller ${caller} was settled twice`);
  else pending.splice(at, 1);
}
