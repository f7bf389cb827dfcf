import { Deadlines, type Lane, type Timed } from "./deadlines.ts";
import type { Clock } from "./ports.ts";

/** Something that wants to be called at a time. */
export abstract class Alarm implements Timed<Alarm> {
  since = 0;
  lane: Lane<Alarm> | null = null;
  earlier: Alarm | null = null;
  later: Alarm | null = null;

  get isSet(): boolean {
    return this.lane !== null;
  }

  abstract ring(now: number): void;
}

/** All alarms of an engine, on one timer. */
export class Alarms {
  readonly #deadlines: Deadlines<Alarm>;

  constructor(clock: Clock) {
    this.#deadlines = new Deadlines<Alarm>(clock, (alarm, now) => alarm.ring(now));
  }

  /** Rings once after `delayMillis`, whatever was set before. */
  set(alarm: Alarm, delayMillis: number, now: number): void {
    this.#deadlines.remove(alarm);
    this.#deadlines.add(alarm, delayMillis, now);
  }

  /** Rings at `at`, or earlier where it was set so. */
  setNoLaterThan(alarm: Alarm, at: number, now: number): void {
    if (alarm.lane === null || at < alarm.lane.deadlineOf(alarm)) this.set(alarm, at - now, now);
  }

  cancel(alarm: Alarm): void {
    this.#deadlines.remove(alarm);
  }

  stop(): void {
    this.#deadlines.stop();
  }
}

/** An alarm that calls back. */
export class Reminder extends Alarm {
  readonly #callback: (now: number) => void;

  constructor(callback: (now: number) => void) {
    super();
    this.#callback = callback;
  }

  override ring(now: number): void {
    this.#callback(now);
  }
}
