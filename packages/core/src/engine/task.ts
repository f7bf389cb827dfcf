import { Alarm, type Alarms } from "./alarm.ts";
import type { Bounds } from "./ports.ts";

/** What becomes of a task; exactly one is called, once. */
interface TaskEnd {
  succeeded(): void;
  failed(error: unknown): void;
}

interface Call {
  readonly alarms: Alarms;
  readonly timeoutMillis: number;
  readonly end: TaskEnd;
}

/**
 * One call to a connector, bounded in time. Its answer counts until its time has passed or it was cancelled; a later one
 * is ignored, and its signal has told the connector so.
 */
export class Task extends Alarm implements Bounds {
  #controller: AbortController | null = null;
  /** What it waits for; null before and after. */
  #call: Call | null = null;
  #wasStarted = false;

  /** True as long as nobody has asked for the signal and nothing was started: then it can serve another call. */
  get isUntouched(): boolean {
    return this.#controller === null && !this.#wasStarted;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  /** Waits for `promise`, for `timeoutMillis` at most. */
  watch(
    promise: Promise<void>,
    terms: { alarms: Alarms; timeoutMillis: number; now: number },
    end: TaskEnd,
  ): void {
    const { alarms, timeoutMillis, now } = terms;
    this.#wasStarted = true;
    this.#call = { alarms, timeoutMillis, end };
    alarms.set(this, timeoutMillis, now);
    promise.then(
      () => this.#finish()?.end.succeeded(),
      (error: unknown) => this.#finish()?.end.failed(error),
    );
  }

  override ring(): void {
    const call = this.#finish();
    if (call === null) return;
    const error = new Error(`no answer within ${call.timeoutMillis} ms`);
    this.#controller?.abort(error);
    call.end.failed(error);
  }

  /** Gives it up: neither end will be called. */
  cancel(): void {
    if (this.#finish() !== null) this.#controller?.abort();
  }

  #finish(): Call | null {
    const call = this.#call;
    this.#call = null;
    call?.alarms.cancel(this);
    return call;
  }
}
