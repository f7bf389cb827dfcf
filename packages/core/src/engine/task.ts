import { Alarm, type Alarms } from "./alarm.ts";
import type { Bounds } from "./ports.ts";

/** What becomes of a task; exactly one is called, once. */
interface TaskEnd {
  succeeded(): void;
  failed(error: unknown): void;
}

/**
 * One call to a connector, bounded in time. Its answer counts until its time has passed or it was cancelled; a later one
 * is ignored, and its signal has told the connector so.
 */
export class Task extends Alarm implements Bounds {
  #controller: AbortController | null = null;
  #alarms: Alarms | null = null;
  #end: TaskEnd | null = null;
  #timeoutMillis = 0;
  #wasStarted = false;

  /** True as long as nobody has asked for the signal and nothing was started: then it can serve another call. */
  get isUntouched(): boolean {
    return this.#controller === null && !this.#wasStarted;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** Waits for `promise`, at most until `deadline`. */
  watch(
    promise: Promise<void>,
    terms: { alarms: Alarms; timeoutMillis: number; now: number },
    end: TaskEnd,
  ): void {
    this.#wasStarted = true;
    this.#end = end;
    this.#timeoutMillis = terms.timeoutMillis;
    this.#alarms = terms.alarms;
    terms.alarms.set(this, terms.timeoutMillis, terms.now);
    promise.then(
      () => this.#finish()?.succeeded(),
      (error: unknown) => this.#finish()?.failed(error),
    );
  }

  override ring(): void {
    const end = this.#finish();
    const error = new Error(`no answer within ${this.#timeoutMillis} ms`);
    this.#controller?.abort(error);
    end?.failed(error);
  }

  /** Gives it up: neither end will be called. */
  cancel(): void {
    if (this.#finish() !== null) this.#controller?.abort();
  }

  #finish(): TaskEnd | null {
    const end = this.#end;
    this.#end = null;
    this.#alarms?.cancel(this);
    return end;
  }
}
