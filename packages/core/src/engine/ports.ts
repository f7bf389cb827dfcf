import type { AcquirePhase } from "../errors.ts";

/** Time as the engine sees it. */
export interface Clock {
  /** Monotonic milliseconds from any origin. */
  now(): number;
  /** Calls back once after `delayMillis`; never keeps the process alive and never runs in a caller's async context. */
  setTimer(callback: () => void, delayMillis: number): Timer;
}

export interface Timer {
  /** Stops the timer; harmless after it fired. */
  cancel(): void;
}

/** Chance as the engine sees it. */
export interface RandomSource {
  /** A number in [0, 1). */
  next(): number;
}

/** Why a physical connection was closed; a value of `rockpool.close.reason`. */
export type CloseReason =
  | "idle"
  | "lifetime"
  | "max_uses"
  | "broken"
  | "validation"
  | "evicted"
  | "discarded"
  | "reset"
  | "hook"
  | "overflow"
  | "shutdown";

/**
 * What a failed connect means.
 *
 * `capacity`: the server has no room (53300); growth pauses and it does not count as an error.
 * `fatal`: trying again cannot help (28P01, 28000, 3D000, a wrong setting); waiters are told at once
 * where the pool has no open connection that could serve them.
 * `failure`: anything else; waiters wait on while the engine tries again.
 */
export type ConnectFailure = "capacity" | "fatal" | "failure";

/** Who demanded a connect: the waiter at the head of the queue, or nobody (`min`, `minIdle`, replacement). */
export interface ConnectRequest<W> {
  /** The slot that the connection will have; unique in the pool, ascending from 1. */
  readonly slotId: number;
  readonly demandedBy: W | null;
  /** Aborts at the connect timeout or when the pool closes, never when a waiter gives up. */
  readonly signal: AbortSignal;
}

/** The bounds of one call to a connector; the signal is made only where it is asked for. */
export interface Bounds {
  /** Aborts when the engine no longer wants the answer; the connection is then closed. */
  readonly signal: AbortSignal;
}

/**
 * What the engine needs of the world. Each call may throw, fail, be slow or never answer; the engine bounds all of them.
 *
 * A method that returns null instead of a promise had nothing to do, so the engine goes on in the same turn.
 * The calls are made from whatever turn caused them, a caller's `acquire` included: leave its async context.
 */
export interface Connector<C, W> {
  connect(request: ConnectRequest<W>): Promise<C>;
  /** Proves the connection alive; rejects where it is not. */
  validate(connection: C, bounds: Bounds): Promise<void>;
  /** The hook before each hand-out; a rejection closes the connection and the waiter goes on to another. */
  prepare(connection: C, bounds: Bounds): Promise<void> | null;
  /** Brings a released session back to a clean state; a rejection closes it. */
  reset(connection: C, bounds: Bounds): Promise<void> | null;
  /** Ends the session politely; resolves when the socket has closed. */
  close(connection: C, reason: CloseReason): Promise<void>;
  /** Ends the socket at once. Also called for a connection that arrives after its connect was given up. */
  destroy(connection: C): void;
  /** How far the holder of a connection has come with it, a number that only grows; null while the server is at work for it. */
  progressOf(connection: C): number | null;
  /** The server that holds the connection, so that its whole generation can be evicted. */
  hostOf(connection: C): string;
  classifyConnectFailure(error: unknown): ConnectFailure;
}

/** Where a lease's connection came from; a value of `rockpool.acquire.source`. */
export type AcquireSource = "idle" | "new" | "queued";

/** How a slot was given to a caller. */
export interface Grant {
  /** `new`: its first use; `queued`: another caller released it while this one waited; `idle`: it lay idle. */
  readonly source: AcquireSource;
  /** How long the pool made the caller wait, in milliseconds; 0 where a connection was at hand. */
  readonly waitMillis: number;
  /** How long the connection had lain idle, in milliseconds; 0 where it was new or came straight from another caller. */
  readonly idleMillis: number;
}

/** What the engine reports as it happens. Every method is called synchronously and must not throw. */
export interface EngineObserver<S, W> {
  /** The caller has to wait: for a connection, or for one to be validated or prepared. */
  waiting(waiter: W): void;
  connectStarted(slotId: number, demandedBy: W | null): void;
  connected(slot: S, connectMillis: number): void;
  connectFailed(slotId: number, error: unknown, failure: ConnectFailure): void;
  /** @param waiter - null for `tryAcquire`. */
  acquired(slot: S, waiter: W | null, grant: Grant): void;
  /** @param reason - what the waiter was rejected with; the abort reason is whatever the caller gave. */
  acquireFailed(waiter: W, reason: unknown, phase: AcquirePhase): void;
  released(slot: S, heldMillis: number): void;
  /** The slot begins to close; `closed` follows when its socket is gone. */
  closing(slot: S, reason: CloseReason): void;
  closed(slot: S, reason: CloseReason): void;
  leakSuspected(slot: S, heldMillis: number, stack: string | null): void;
  /** A nested acquire that could deadlock under load, though not yet. */
  nestedAcquire(waiter: W): void;
}
