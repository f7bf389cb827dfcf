/**
 * Which connections have been evicted. An epoch is a point in the order of evictions: a connection is stale if it was
 * begun before the last eviction that concerns it.
 */
export class Evictions {
  /** How many evictions there have been, of hosts and of everything. */
  epoch = 0;
  #allAt = 0;
  readonly #hostAt = new Map<string, number>();

  evictAll(): void {
    this.epoch += 1;
    this.#allAt = this.epoch;
    this.#hostAt.clear();
  }

  evictHost(host: string): void {
    this.epoch += 1;
    this.#hostAt.set(host, this.epoch);
  }

  isStale(epoch: number, host: string): boolean {
    return epoch < this.#allAt || epoch < (this.#hostAt.get(host) ?? 0);
  }
}
