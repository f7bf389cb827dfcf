import type { DriverClient } from "./driver-client.ts";
import type { HostState } from "./host-memory.ts";

/** What a server is for a session that has just begun. */
export type SessionKind = Exclude<HostState, "failed">;

/** Finds out whether a server accepts writes, from what it reported at the start or, before version 14 and behind a pooler, by asking. */
export async function findSessionKind(client: DriverClient, signal: AbortSignal): Promise<SessionKind> {
  const standby = client.reported("in_hot_standby");
  const readOnly = client.reported("default_transaction_read_only");
  if (standby !== null && readOnly !== null) return kindOf(standby === "on", readOnly === "on");
  const [isStandby, isReadOnly] = await client.ask(
    "select pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')",
    signal,
  );
  return kindOf(isStandby === true, isReadOnly === "on");
}

function kindOf(isStandby: boolean, isReadOnly: boolean): SessionKind {
  if (isStandby) return "standby";
  return isReadOnly ? "read-only-primary" : "primary";
}
