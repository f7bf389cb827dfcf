import type { TimeDistribution } from "./time-distribution.ts";

/** The latest numbers of one pool; null is what its sender does not tell. */
export interface PoolNumbers {
  /** Unique among all processes that send here. */
  readonly key: string;
  /** Equal for all pools and lanes of one process; see `senderOf`. */
  readonly senderKey: string;
  readonly poolName: string;
  readonly serviceName: string | null;
  /** What tells processes of one service apart; null where the sender says nothing. */
  readonly process: string | null;
  readonly used: number | null;
  readonly idle: number | null;
  readonly max: number | null;
  readonly idleMin: number | null;
  readonly idleMax: number | null;
  /** Callers that wait for a connection. */
  readonly pending: number | null;
  /** Requests that ended without a connection, since the sender started. */
  readonly timeouts: number | null;
  /** From the request to the connection. */
  readonly waitTime: TimeDistribution | null;
  /** From the connection to its return. */
  readonly useTime: TimeDistribution | null;
  /** How long it took to open a connection. */
  readonly createTime: TimeDistribution | null;
  /** Connections given to callers by where they came from, since the sender started; Rockpool only. */
  readonly acquiresBySource: Readonly<Record<string, number>>;
  /** Connections closed by reason, since the sender started; Rockpool only. */
  readonly closedByReason: Readonly<Record<string, number>>;
  /** When the sender measured this, in epoch milliseconds. */
  readonly updatedUnixMillis: number;
}
