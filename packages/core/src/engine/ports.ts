import type { AcquirePhase } from "../errors.ts";

/** Time as the engine sees it. */
export interface Clock {
  /** Monotonic milliseconds from any origin. */
  now(): number;
  /** Calls back once after `delayMillis`; never keeps the process alive. */
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

/** Why a physical connection was closed; a value of `rockpool.connection.close_reason`. */
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

/** What a failed connect means for growth. */
export type ConnectFailure = "capacity" | "failure";

/** Who demanded a connect: the waiter at the head of the queue, or nobody (`min`, `minIdle`, replacement). */
export interface ConnectRequest<W> {
  /** The slot that the connection will have; unique in the pool, ascending from 1. */
  readonly slotId: number;
  readonly demandedBy: W | null;
  /** Aborts at the connect timeout or when the pool closes, never when a waiter gives up. */
  readonly signal: AbortSignal;
}

/**
 * What the engine needs of the world. Each call may fail, be slow or never answer; the engine bounds all of them.
 *
 * A method that returns null instead of a promise had nothing to do, so the engine goes on in the same turn.
 */
export interface Connector<C, W> {
  connect(request: ConnectRequest<W>): Promise<C>;
  /** Proves the connection alive; rejects where it is not. */
  validate(connection: C, signal: AbortSignal): Promise<void>;
  /** The hook before each hand-out; a rejection discards the connection and the waiter goes on to another. */
  prepare(connection: C, signal: AbortSignal): Promise<void> | null;
  /** Brings a released session back to a clean state; a rejection discards it. */
  reset(connection: C, signal: AbortSignal): Promise<void> | null;
  /** Ends the session politely; resolves when the socket has closed. */
  close(connection: C, reason: CloseReason): Promise<void>;
  /** Ends the socket at once. */
  destroy(connection: C): void;
  /** The server that holds the connection, so that its whole generation can be evicted. */
  hostOf(connection: C): string;
  classifyConnectFailure(error: unknown): ConnectFailure;
}

/** Where a lease's connection came from; a value of `rockpool.acquire.source`. */
export type AcquireSource = "idle" | "new" | "queued";

/** How a slot was given to a waiter. */
export interface Grant {
  readonly source: AcquireSource;
  /** How long the pool made the caller wait, in milliseconds; 0 where an idle connection was at hand. */
  readonly waitMillis: number;
}

/**
 * A caller that wants a connection. Made by the shell; the engine settles it exactly once, by `fulfil` or `reject`,
 * possibly within `acquire` itself.
 */
export interface Waiter<S> {
  /** On the engine's clock; null = waits for ever. */
  readonly deadline: number | null;
  /** The asynchronous context of the caller, for deadlock detection; null where it holds nothing. */
  readonly holder: object | null;
  fulfil(slot: S, grant: Grant): void;
  reject(error: Error): void;
}

/** What the engine reports as it happens. Every method is called synchronously and must not throw. */
export interface EngineObserver<S, W> {
  waiting(waiter: W): void;
  connectStarted(slotId: number, demandedBy: W | null): void;
  connected(slot: S, connectMillis: number): void;
  connectFailed(slotId: number, error: unknown, failure: ConnectFailure): void;
  acquired(slot: S, waiter: W | null, grant: Grant): void;
  acquireFailed(waiter: W, error: Error, phase: AcquirePhase): void;
  released(slot: S, heldMillis: number): void;
  /** The slot begins to close; `closed` follows when its socket is gone. */
  closing(slot: S, reason: CloseReason): void;
  closed(slot: S, reason: CloseReason): void;
  leakSuspected(slot: S, heldMillis: number, stack: string | null): void;
  /** A nested acquire that could deadlock under load, though not yet. */
  nestedAcquire(waiter: W): void;
}
