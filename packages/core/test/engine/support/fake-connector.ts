import type {
  Bounds,
  CloseReason,
  ConnectFailure,
  Connector,
  ConnectRequest,
} from "../../../src/engine/ports.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export type CallKind = "connect" | "validate" | "prepare" | "reset" | "close";

/** What a call does: answer after a time, fail after a time, never answer, have nothing to do, or throw within the call. */
export type Behaviour =
  | { readonly does: "ok"; readonly afterMillis: number }
  | { readonly does: "fail"; readonly afterMillis: number; readonly error: Error }
  | { readonly does: "never" }
  | { readonly does: "nothing" }
  | { readonly does: "throw"; readonly error: Error };

export const ok = (afterMillis = 0): Behaviour => ({ does: "ok", afterMillis });
export const fail = (error: Error = new Error("refused"), afterMillis = 0): Behaviour => ({
  does: "fail",
  afterMillis,
  error,
});
export const never: Behaviour = { does: "never" };
export const nothing: Behaviour = { does: "nothing" };

export class CapacityError extends Error {}
export class FatalError extends Error {}

/** A connection without a server. */
export class FakeConnection {
  readonly id: number;
  readonly host: string;
  /** Whether its socket is open. */
  isOpen = true;
  closeReason: CloseReason | null = null;
  wasDestroyed = false;
  validations = 0;
  preparations = 0;
  resets = 0;
  /** How often its holder has done something with it. */
  steps = 0;
  /** Whether the server is at work for its holder. */
  isAtWork = false;

  constructor(id: number, host: string) {
    this.id = id;
    this.host = host;
  }
}

/** A connector that does what the test said, and remembers what it was asked. */
export class FakeConnector<W> implements Connector<FakeConnection, W> {
  readonly clock: VirtualClock;
  readonly connections: FakeConnection[] = [];
  readonly requests: ConnectRequest<W>[] = [];
  readonly calls: CallKind[] = [];
  /** Signals given to calls that asked for one. */
  readonly signals: AbortSignal[] = [];
  host = "db1";
  behaviours: Record<CallKind, Behaviour> = {
    connect: ok(),
    validate: ok(),
    prepare: nothing,
    reset: nothing,
    close: ok(),
  };
  /** Overrides `behaviours` where it returns something. */
  choose: ((kind: CallKind, connection: FakeConnection | null) => Behaviour | null) | null = null;
  /** Called when a call has proved a connection alive. */
  onProven: ((connection: FakeConnection) => void) | null = null;
  /** Called at the begin of each call on a connection. */
  onCall: ((kind: CallKind, connection: FakeConnection) => void) | null = null;
  /** What no engine may ask of a connector; thrown into the engine, it would count as a connector's failure. */
  readonly faults: string[] = [];
  /** Whether calls answer to their signal. */
  obeysSignals = true;
  /** Whether calls on a connection look at their signal at all. */
  looksAtSignals = true;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  get open(): FakeConnection[] {
    return this.connections.filter((connection) => connection.isOpen);
  }

  count(kind: CallKind): number {
    return this.calls.filter((call) => call === kind).length;
  }

  connect(request: ConnectRequest<W>): Promise<FakeConnection> {
    this.requests.push(request);
    const opened = this.#run("connect", null, request.signal);
    return (opened ?? Promise.resolve()).then(() => {
      const connection = new FakeConnection(request.slotId, this.host);
      this.connections.push(connection);
      return connection;
    });
  }

  validate(connection: FakeConnection, bounds: Bounds): Promise<void> {
    connection.validations += 1;
    return this.#run("validate", connection, bounds.signal) ?? Promise.resolve();
  }

  prepare(connection: FakeConnection, bounds: Bounds): Promise<void> | null {
    connection.preparations += 1;
    return this.#run("prepare", connection, bounds);
  }

  reset(connection: FakeConnection, bounds: Bounds): Promise<void> | null {
    connection.resets += 1;
    return this.#run("reset", connection, bounds);
  }

  async close(connection: FakeConnection, reason: CloseReason): Promise<void> {
    if (!connection.isOpen || connection.closeReason !== null)
      this.faults.push(`connection ${connection.id} was closed twice`);
    connection.closeReason = reason;
    const { does } = this.#pick("close", connection);
    if (does === "throw") throw new Error("close threw");
    await this.#run("close", connection, null);
    connection.isOpen = false;
  }

  destroy(connection: FakeConnection): void {
    if (connection.wasDestroyed) this.faults.push(`connection ${connection.id} was destroyed twice`);
    connection.wasDestroyed = true;
    connection.isOpen = false;
  }

  progressOf(connection: FakeConnection): number | null {
    return connection.isAtWork ? null : connection.steps;
  }

  hostOf(connection: FakeConnection): string {
    return connection.host;
  }

  classifyConnectFailure(error: unknown): ConnectFailure {
    if (error instanceof CapacityError) return "capacity";
    return error instanceof FatalError ? "fatal" : "failure";
  }

  #pick(kind: CallKind, connection: FakeConnection | null): Behaviour {
    return this.choose?.(kind, connection) ?? this.behaviours[kind];
  }

  #run(
    kind: CallKind,
    connection: FakeConnection | null,
    bounds: Bounds | AbortSignal | null,
  ): Promise<void> | null {
    this.calls.push(kind);
    if (connection !== null) this.onCall?.(kind, connection);
    const behaviour = this.#pick(kind, connection);
    if (behaviour.does === "nothing") return null;
    if (behaviour.does === "throw") throw behaviour.error;
    const signal = this.#signalOf(bounds);
    if (signal !== null) this.signals.push(signal);
    return new Promise((resolve, reject) => {
      if (this.obeysSignals) signal?.addEventListener("abort", () => reject(signal.reason));
      if (behaviour.does === "never") return;
      const end = () => {
        if (behaviour.does !== "ok") return reject(behaviour.error);
        if (connection !== null) this.onProven?.(connection);
        resolve();
      };
      if (behaviour.afterMillis === 0) end();
      else this.clock.setTimer(end, behaviour.afterMillis);
    });
  }

  #signalOf(bounds: Bounds | AbortSignal | null): AbortSignal | null {
    if (bounds === null || bounds instanceof AbortSignal) return bounds;
    return this.looksAtSignals ? bounds.signal : null;
  }
}
