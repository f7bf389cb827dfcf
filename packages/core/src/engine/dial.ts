import { connectTimeoutError } from "../errors.ts";
import { Alarm, type Alarms } from "./alarm.ts";

/** How long a connector may take to answer that it was aborted. */
const abortGraceMillis = 100;

/** What becomes of a dial; exactly one is called, once. */
interface DialEnd<C> {
  connected(connection: C): void;
  failed(error: unknown): void;
  /** The connect was given up before, and now there is a connection after all. */
  late(connection: C): void;
}

/**
 * One connect under way. At its timeout, or when the pool closes, its signal aborts; a connector that does not answer to
 * that either is left behind, and what it may still bring is destroyed.
 */
export class Dial<C> extends Alarm {
  readonly slotId: number;
  readonly startedAt: number;
  /** How many evictions had happened when it began. */
  readonly epoch: number;
  readonly #controller = new AbortController();
  readonly #alarms: Alarms;
  #end: DialEnd<C> | null = null;

  constructor(slotId: number, birth: { startedAt: number; epoch: number }, alarms: Alarms) {
    super();
    this.slotId = slotId;
    this.startedAt = birth.startedAt;
    this.epoch = birth.epoch;
    this.#alarms = alarms;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  watch(connected: Promise<C>, timeoutMillis: number | null, end: DialEnd<C>): void {
    this.#end = end;
    // Whoever was told that it begins may have had it aborted.
    if (timeoutMillis !== null && !this.signal.aborted) this.#alarms.set(this, timeoutMillis, this.startedAt);
    connected.then(
      (connection) => {
        const open = this.#finish();
        if (open === null) end.late(connection);
        else open.connected(connection);
      },
      (error: unknown) => this.#finish()?.failed(error),
    );
  }

  /** Asks the connector to give up; whatever it does, the dial ends soon. */
  abort(reason: Error, now: number): void {
    if (this.signal.aborted) return;
    this.#alarms.set(this, abortGraceMillis, now);
    this.#controller.abort(reason);
  }

  override ring(now: number): void {
    if (this.signal.aborted) this.#finish()?.failed(this.signal.reason);
    else this.abort(connectTimeoutError(Math.round(now - this.startedAt)), now);
  }

  #finish(): DialEnd<C> | null {
    const end = this.#end;
    this.#end = null;
    this.#alarms.cancel(this);
    return end;
  }
}
