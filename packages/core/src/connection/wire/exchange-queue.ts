import type { Exchange } from "./exchange.ts";

/** First in, first out, with constant-time verbs: a ring that grows. */
export class ExchangeQueue<E extends Exchange> {
  #ring: (E | null)[] = new Array<E | null>(16).fill(null);
  #first = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get head(): E | null {
    return this.#ring[this.#first] ?? null;
  }

  push(exchange: E): void {
    if (this.#size === this.#ring.length) this.#grow();
    this.#ring[(this.#first + this.#size) & (this.#ring.length - 1)] = exchange;
    this.#size += 1;
  }

  shift(): E | null {
    const exchange = this.#ring[this.#first] ?? null;
    if (exchange === null) return null;
    this.#ring[this.#first] = null;
    this.#first = (this.#first + 1) & (this.#ring.length - 1);
    this.#size -= 1;
    return exchange;
  }

  /** From the oldest to the newest. */
  *[Symbol.iterator](): Iterator<E> {
    for (let i = 0; i < this.#size; i++) {
      const exchange = this.#ring[(this.#first + i) & (this.#ring.length - 1)];
      if (exchange != null) yield exchange;
    }
  }

  /** The size stays a power of two, so that a mask wraps around. */
  #grow(): void {
    const ring = new Array<E | null>(this.#ring.length * 2).fill(null);
    for (let i = 0; i < this.#size; i++) {
      ring[i] = this.#ring[(this.#first + i) & (this.#ring.length - 1)] ?? null;
    }
    this.#ring = ring;
    this.#first = 0;
  }
}
