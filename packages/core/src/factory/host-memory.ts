import type { TargetSessionAttrs } from "../config/connection-settings.ts";

/** What the last attempt found at a host. */
export type HostState = "primary" | "read-only-primary" | "standby" | "failed";

interface Finding {
  readonly state: HostState;
  readonly knownUntil: number;
}

/** How long what was found is believed; the recheck interval of Npgsql. */
const memoryMillis = 10_000;

/**
 * What recent attempts found at each host, so that a dead host or one of the wrong kind is tried last instead of costing every
 * connect its timeout.
 *
 * It only orders: a host is never left out, since everything that is remembered may have changed.
 */
export class HostMemory {
  readonly #now: () => number;
  readonly #records = new Map<string, Finding>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Remembers what an attempt found; null = it serves, and nothing else is known. */
  remember(host: string, state: HostState | null): void {
    if (state === null) this.#records.delete(host);
    else this.#records.set(host, { state, knownUntil: this.#now() + memoryMillis });
  }

  /** 0 for a host that may well serve, 1 for one that was of the wrong kind, 2 for one that failed. */
  rank(host: string, wanted: TargetSessionAttrs): number {
    const record = this.#records.get(host);
    if (record === undefined || record.knownUntil <= this.#now()) return 0;
    if (record.state === "failed") return 2;
    return suits(record.state, wanted) ? 0 : 1;
  }
}

/** Whether a server of a kind is one that `target_session_attrs` asks for. */
export function suits(state: Exclude<HostState, "failed">, wanted: TargetSessionAttrs): boolean {
  switch (wanted) {
    case "any":
      return true;
    case "read-write":
      return state === "primary";
    case "read-only":
      return state !== "primary";
    case "primary":
      return state !== "standby";
    case "standby":
    case "prefer-standby":
      return state === "standby";
  }
}
