/**
 * Since when at least so many connections have been idle, for every number.
 *
 * The lowest number of idle connections in a window is the surplus that nobody needed in it, whatever the order in
 * which connections are handed out. Level n began when the number of idle ones last rose from n to n + 1.
 */
export class LowWaterMark {
  readonly #since: number[] = [];

  /** One more is idle. */
  rise(now: number): void {
    this.#since.push(now);
  }

  /** One was taken into use. */
  fall(): void {
    this.#since.pop();
  }

  /** The surplus of a level was closed: what lay above it goes on as long as before. */
  close(level: number): void {
    this.#since.splice(level, 1);
  }

  /** How many are idle. */
  get level(): number {
    return this.#since.length;
  }

  /** Since when more than `level` have been idle without a break; null where they are not. */
  since(level: number): number | null {
    return this.#since[level] ?? null;
  }
}
