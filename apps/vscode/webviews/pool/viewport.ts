/** A stretch of time, in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export const RANGES: readonly number[] = [60_000, 300_000, 600_000];
const MIN_RANGE_MILLIS = 0.5;

/**
 * Which stretch of time all strips show: one that follows the present, or one that stands still.
 *
 * Invariant: the stretch lies within the history, and ends at the present or before.
 */
export class Viewport {
  readonly #changed: () => void;
  readonly #clock: () => number;
  #history = 600_000;
  #range = 60_000;
  /** The range to go back to. */
  #followedRange = 60_000;
  /** Null while it follows the present. */
  #end: number | null = null;
  #hostAt = 0;
  #receivedAt = 0;

  constructor(changed: () => void, clock: () => number = () => performance.now()) {
    this.#changed = changed;
    this.#clock = clock;
  }

  /** The host's present. */
  get now(): number {
    return this.#hostAt + this.#clock() - this.#receivedAt;
  }

  get isLive(): boolean {
    return this.#end === null;
  }

  get range(): number {
    return this.#range;
  }

  /** The range that it follows the present with. */
  get followedRange(): number {
    return this.#followedRange;
  }

  get history(): number {
    return this.#history;
  }

  /** What is shown. */
  get span(): Span {
    const to = this.#end ?? this.now;
    return { from: to - this.#range, to };
  }

  /** The host has told the time. */
  sync(at: number, history: number): void {
    // A page that is busy gets a message late, which is no reason for time to run backwards.
    this.#hostAt = Math.max(at, Math.min(this.now, at + 1_000));
    this.#receivedAt = this.#clock();
    this.#history = history;
    // What stands still is left behind by the history in the end.
    if (this.#end !== null) this.#end = Math.max(this.#end, this.now - history + this.#range);
  }

  /** Follows the present again, over so much time. */
  follow(range: number = this.#followedRange): void {
    this.#range = range;
    this.#followedRange = range;
    this.#end = null;
    this.#changed();
  }

  togglePause(): void {
    if (this.isLive) this.#show(this.span);
    else this.follow();
  }

  /** Stands still on a stretch. */
  show(span: Span): void {
    this.#show(span);
  }

  /** Moves by a share of what is shown; backwards where it is negative. */
  pan(share: number): void {
    const { from, to } = this.span;
    const by = share * this.#range;
    if (to + by >= this.now && by > 0) this.#followAt(this.#range);
    else this.#show({ from: from + by, to: to + by });
  }

  /** Shows more or less around a moment. */
  zoom(factor: number, around: number): void {
    const { from, to } = this.span;
    if (this.isLive && around >= to) {
      this.#followAt(this.#range * factor);
      return;
    }
    this.#show({ from: around - (around - from) * factor, to: around + (to - around) * factor });
  }

  #followAt(range: number): void {
    this.#range = Math.min(this.#history, Math.max(MIN_RANGE_MILLIS, range));
    this.#end = null;
    this.#changed();
  }

  #show({ from, to }: Span): void {
    const { now } = this;
    this.#range = Math.min(this.#history, Math.max(MIN_RANGE_MILLIS, to - from));
    const end = to - from < this.#range ? (from + to + this.#range) / 2 : to;
    this.#end = Math.min(now, Math.max(now - this.#history + this.#range, end));
    this.#changed();
  }
}

/** Steps of an axis that people count by, in milliseconds. */
const STEPS: readonly number[] = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000,
  120_000, 300_000,
];

/** The step that leaves at least so many pixels between two marks. */
export function stepFor(millisPerPixel: number, pixels: number): number {
  return STEPS.find((step) => step / millisPerPixel >= pixels) ?? 600_000;
}
