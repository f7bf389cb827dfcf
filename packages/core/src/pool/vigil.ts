import { AsyncResource } from "node:async_hooks";

/** As long as a timer can be; it does nothing. */
const longMillis = 2_000_000_000;

/**
 * Keeps the process alive while somebody waits for the pool.
 *
 * The pool's own timers do not, so that an idle pool is no reason to stay. But where no socket is open either, as while the server is
 * down, the process would end with a promise that never settles, in silence.
 */
export class Vigil {
  // Without a scope of its own the timer would keep the context of whoever waited first.
  readonly #scope = new AsyncResource("RockpoolVigil");
  #count = 0;
  #timer: NodeJS.Timeout | null = null;
  #isOver = false;

  /** Somebody begins to wait; whoever calls this calls `end` once. */
  begin(): void {
    this.#count += 1;
    if (this.#count > 1) return;
    // One timer for all waits: making it anew for each would cost a busy pool more than the wait itself.
    this.#timer ??= this.#scope.runInAsyncScope(() => setInterval(() => {}, longMillis));
    this.#timer.ref();
  }

  end(): void {
    this.#count -= 1;
    if (this.#count > 0) return;
    this.#timer?.unref();
    if (this.#isOver) this.#clear();
  }

  /** The pool is closed: leaves no timer behind, now or after a last wait. */
  over(): void {
    this.#isOver = true;
    if (this.#count === 0) this.#clear();
  }

  #clear(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  /** Waits for the promise. */
  async during<T>(promise: Promise<T>): Promise<T> {
    this.begin();
    try {
      return await promise;
    } finally {
      this.end();
    }
  }
}
