/** The last `capacity` values, oldest first. */
export class RingBuffer<T> {
  readonly capacity: number;
  readonly #values: T[] = [];
  #next = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get length(): number {
    return this.#values.length;
  }

  push(value: T): void {
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % this.capacity;
  }

  toArray(): T[] {
    const isFull = this.#values.length === this.capacity;
    return isFull
      ? [...this.#values.slice(this.#next), ...this.#values.slice(0, this.#next)]
      : [...this.#values];
  }
}
