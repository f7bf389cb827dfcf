import type { Duplex } from "node:stream";
import type { ConnectionIdentity, ConnectionObserver } from "./observer.ts";
import type { RowFactory, TypeParsers } from "./query.ts";

/** How a cancel request reaches the server that holds the session. */
export interface CancelTarget {
  /**
   * Opens a second stream to the very address of the session, ready for a message: TLS is set up where the session
   * has it, in the same way. The session writes one CancelRequest and waits until the server closes the stream.
   */
  open(signal: AbortSignal): Promise<Duplex>;
}

/** What a session is given at its birth. */
export interface SessionOptions {
  readonly identity: ConnectionIdentity;
  readonly observer: ConnectionObserver | null;
  /** Parsers by type OID, before those of the driver. */
  readonly types: TypeParsers | null;
  /** Makes rows of what would be objects by column name. Default: null. */
  readonly rowFactory?: RowFactory | null;
  readonly pooler: "none" | "transaction";
  /** How many prepared statements the session keeps; 0 = none. */
  readonly statementCacheSize: number;
  readonly cancel: CancelTarget;
  /** How long a cancelled operation may take to end before the session is destroyed, in milliseconds. Default: 5 000. */
  readonly cancelGraceMillis?: number;
}

/** How thoroughly `reset` cleans a session. */
export type ResetTier = "rollback" | "clean" | "discard" | "none";
