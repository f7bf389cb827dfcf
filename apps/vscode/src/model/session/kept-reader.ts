import type { Clock, RowPage, RowReader } from "../database.ts";

/** After so long a read that was to stop is cancelled on the server. */
const STOP_MILLIS = 1_000;

/** The rows that a session can still read: they are kept for a time, which begins anew each time that some were read. */
export class KeptReader {
  readonly #reader: RowReader;
  readonly #clock: Clock;
  readonly #keepMillis: () => number;
  readonly #onExpired: () => void;
  readonly #onClosed: () => void;
  #stopTimer: () => void;
  #isStopped = false;

  constructor(
    reader: RowReader,
    options: { clock: Clock; keepMillis: () => number; onExpired: () => void; onClosed: () => void },
  ) {
    this.#reader = reader;
    this.#clock = options.clock;
    this.#keepMillis = options.keepMillis;
    this.#onExpired = options.onExpired;
    this.#onClosed = options.onClosed;
    this.#stopTimer = this.#startTimer();
  }

  /** Reads page by page as long as `take` wants more. @returns whether that was the last page. */
  async read(count: number, take: (page: RowPage) => Promise<boolean>): Promise<boolean> {
    this.#stopTimer();
    this.#isStopped = false;
    for (;;) {
      const page = await this.#reader.read(count);
      const wantsMore = await take(page);
      if (page.isLast) return true;
      if (wantsMore && !this.#isStopped) continue;
      this.#stopTimer = this.#startTimer();
      return false;
    }
  }

  /** Ends `read` after the page under way, or by cancelling that page on the server where it takes long. @returns what takes that back. */
  stop(): () => void {
    this.#isStopped = true;
    return this.#clock.after(STOP_MILLIS, () => this.#reader.cancel());
  }

  async close(): Promise<void> {
    this.#stopTimer();
    this.#onClosed();
    // A reader that cannot be closed has lost its connection; the next operation on it will say so.
    await this.#reader.close().catch(() => {});
  }

  #startTimer(): () => void {
    return this.#clock.after(this.#keepMillis(), this.#onExpired);
  }
}
