/** Is given a batch as it arrives; a promise delays the answer to the sender, which is how a slow listener slows it down. */
export type BatchListener<T> = (items: readonly T[]) => void | Promise<void>;

/** The listeners of one signal; what one of them throws reaches neither the others nor the sender. */
export class Listeners<T> {
  readonly #listeners = new Set<BatchListener<T>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** The same function twice is two subscriptions. */
  add(listener: BatchListener<T>): Disposable {
    const own: BatchListener<T> = (items) => listener(items);
    this.#listeners.add(own);
    return { [Symbol.dispose]: () => void this.#listeners.delete(own) };
  }

  /** Resolves when every listener is done with the batch. */
  async call(items: readonly T[]): Promise<void> {
    if (items.length === 0) return;
    await Promise.all([...this.#listeners].map((listener) => this.#callOne(listener, items)));
  }

  async #callOne(listener: BatchListener<T>, items: readonly T[]): Promise<void> {
    try {
      await listener(items);
    } catch (error) {
      this.#onError(error);
    }
  }
}
