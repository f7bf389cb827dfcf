import type { Connection } from "../connection/connection.ts";

/** What an error means for the connection that it happened on. */
export type ErrorVerdict = "keep" | "discard" | "evict-host";

/**
 * The caller's own steps in the life of a connection. Each is awaited within the deadline of whatever it belongs to; a hook
 * that throws or hangs costs its connection, never a slot.
 */
export interface PoolHooks {
  /** Runs before each hand-out. When it throws, the connection is closed and the caller gets another one. */
  prepare?: ((connection: Connection) => void | Promise<void>) | undefined;
  /** Runs after each release, before the reset. When it throws, the connection is closed. */
  onRelease?: ((connection: Connection) => void | Promise<void>) | undefined;
  /** Runs once before a connection that still works is closed. When it throws, the connection is closed all the same. */
  beforeClose?: ((connection: Connection) => void | Promise<void>) | undefined;
  /** Overrules what an error means for its connection; undefined leaves the default verdict. */
  classifyError?: (error: unknown) => ErrorVerdict | undefined;
}
