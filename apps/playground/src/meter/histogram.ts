const GROWTH = Math.log(1.02);
const SMALLEST = 0.001;

/** Durations by size, each kept to within two per cent, in bounded memory. */
export class Histogram {
  readonly #counts = new Map<number, number>();
  #total = 0;
  #largest = 0;

  get count(): number {
    return this.#total;
  }

  record(value: number): void {
    const bucket = value < SMALLEST ? -1 : Math.floor(Math.log(value / SMALLEST) / GROWTH);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#total += 1;
    this.#largest = Math.max(this.#largest, value);
  }

  /** The value that `share` of all values do not exceed; 0 where nothing was recorded. */
  quantile(share: number): number {
    const rank = Math.max(1, Math.ceil(this.#total * share));
    let seen = 0;
    for (const bucket of [...this.#counts.keys()].sort((a, b) => a - b)) {
      seen += this.#counts.get(bucket) ?? 0;
      if (seen >= rank)
        return bucket < 0 ? 0 : Math.min(SMALLEST * Math.exp((bucket + 1) * GROWTH), this.#largest);
    }
    return 0;
  }
}
