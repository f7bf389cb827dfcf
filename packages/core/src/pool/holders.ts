import { AsyncLocalStorage } from "node:async_hooks";

/**
 * The asynchronous contexts that hold a connection while their callback runs, one store a pool.
 *
 * Only the callback forms (`use`, `transaction`) make a context: there, and only there, an acquire inside is certain to be
 * nested. A lease from `acquire()` may be released by anybody at any time, so it proves nothing.
 */
export class Holders {
  readonly #storage = new AsyncLocalStorage<object>();

  /** The context of the caller; null outside every callback of this pool. */
  current(): object | null {
    return this.#storage.getStore() ?? null;
  }

  /** Runs a callback as a holder, the given one or, inside another callback of this pool, the one that is there. */
  run<T>(holder: object, callback: () => T): T {
    return this.#storage.run(holder, callback);
  }
}
