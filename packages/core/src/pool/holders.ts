import { AsyncLocalStorage } from "node:async_hooks";
import { Holder } from "../engine/holder.ts";

/**
 * The asynchronous contexts that hold a connection while their callback runs, one store a pool.
 *
 * Only the callback forms (`use`, `transaction`) make a context: there, and only there, an acquire inside is certain to be
 * nested. A lease from `acquire()` may be released by anybody at any time, so it proves nothing.
 */
export class Holders {
  readonly #storage = new AsyncLocalStorage<Holder>();

  /** The context of the caller; null outside every callback of this pool. */
  current(): Holder | null {
    return this.#storage.getStore() ?? null;
  }

  /** A context for a callback that is about to hold a connection, inside the caller's own if it has one. */
  enter(): Holder {
    return new Holder(this.current());
  }

  /** Runs the callback of a holder. */
  run<T>(holder: Holder, callback: () => T): T {
    return this.#storage.run(holder, callback);
  }
}
