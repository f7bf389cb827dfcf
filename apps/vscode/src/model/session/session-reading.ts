import type { Clock, RowPage, RowReader } from "../database.ts";
import { KeptReader } from "./kept-reader.ts";

/**
 * The rows of a session's last statement that are still on the server.
 *
 * Invariant: at most one reader is open; whoever opens the next one has closed it before.
 */
export class SessionReading {
  readonly #clock: Clock;
  readonly #keepMillis: () => number;
  /** Called when nobody has read for so long that the reader was closed. */
  readonly #onExpired: () => void;
  #open: KeptReader | null = null;
  #reading: Promise<void> | null = null;

  constructor(parts: { clock: Clock; keepMillis: () => number; onExpired: () => void }) {
    this.#clock = parts.clock;
    this.#keepMillis = parts.keepMillis;
    this.#onExpired = parts.onExpired;
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** Keeps a reader open for a time; says whether the settings allow that. */
  async keep(reader: RowReader, onClosed: () => void): Promise<boolean> {
    if (this.#keepMillis() === 0) {
      await reader.close();
      return false;
    }
    const open = new KeptReader(reader, {
      clock: this.#clock,
      keepMillis: this.#keepMillis,
      onExpired: () => {
        if (this.#open === open && this.#reading === null) this.#onExpired();
      },
      onClosed,
    });
    this.#open = open;
    return true;
  }

  /** Reads page by page as long as `take` wants more, and closes the reader at the end of its rows. */
  async read(count: number, take: (page: RowPage) => Promise<boolean>): Promise<void> {
    const open = this.#open;
    if (open === null) throw new Error("bug: nothing is open to be read");
    const reading = this.#readOn(open, count, take);
    this.#reading = reading;
    try {
      await reading;
    } finally {
      this.#reading = null;
    }
  }

  /** Ends `read` soon; resolves when it has ended. */
  async stop(): Promise<void> {
    const [reading, open] = [this.#reading, this.#open];
    if (reading === null || open === null) return;
    const takeBack = open.stop();
    await reading.catch(() => {});
    takeBack();
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    await open?.close();
  }

  async #readOn(open: KeptReader, count: number, take: (page: RowPage) => Promise<boolean>): Promise<void> {
    try {
      if (await open.read(count, take)) await this.close();
    } catch (error) {
      await this.close();
      throw error;
    }
  }
}
