/** Keeps the newest items, in the order of their arrival. */
export class BoundedBuffer<T> {
  readonly #limit: number;
  #items: T[] = [];
  #dropped = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many items had to go to make room. */
  get dropped(): number {
    return this.#dropped;
  }

  push(items: readonly T[]): void {
    for (const item of items) this.#items.push(item);
    // Trimmed at twice the limit, so that each item is moved once on average.
    if (this.#items.length >= 2 * this.#limit) this.#trim();
  }

  toArray(): readonly T[] {
    this.#trim();
    return [...this.#items];
  }

  clear(): void {
    this.#items = [];
  }

  #trim(): void {
    const surplus = Math.max(0, this.#items.length - this.#limit);
    this.#dropped += surplus;
    if (surplus > 0) this.#items = this.#items.slice(surplus);
  }
}
