import { AcquireTimeoutError, PoolClosedError } from "../errors.ts";
import { Reminder } from "./alarm.ts";
import type { Growth } from "./growth.ts";
import type { Latch } from "./latches.ts";
import type { Ledger } from "./ledger.ts";
import type { Slot } from "./slot.ts";
import type { Waiter } from "./waiter.ts";

/** Those who wait until the pool has the connections that it was told to keep. */
export class Filling<C, W extends Waiter<Slot<C>>> {
  readonly #ledger: Ledger<C, W>;
  readonly #growth: Growth<C, W>;
  readonly #waiting = new Set<(error: unknown) => void>();

  constructor(ledger: Ledger<C, W>, growth: Growth<C, W>) {
    this.#ledger = ledger;
    this.#growth = growth;
  }

  whenFilled(timeoutMillis: number | null): Promise<void> {
    const { name, latches, alarms, clock } = this.#ledger;
    return new Promise((resolve, reject) => {
      const latch: Latch = {
        isMet: () => this.#growth.isFilled || this.#ledger.phase !== "open",
        settle: () => {
          end();
          if (this.#ledger.phase === "open") resolve();
          else reject(new PoolClosedError(name));
        },
      };
      const fail = (error: unknown) => {
        end();
        latches.remove(latch);
        reject(error);
      };
      const reminder = new Reminder(() => fail(this.#timeout(timeoutMillis ?? 0)));
      const end = () => {
        alarms.cancel(reminder);
        this.#waiting.delete(fail);
      };
      this.#waiting.add(fail);
      latches.add(latch);
      if (timeoutMillis !== null) alarms.set(reminder, timeoutMillis, clock.now());
      latches.check();
    });
  }

  /** Connecting is hopeless. */
  fail(error: unknown): void {
    for (const reject of [...this.#waiting]) reject(error);
  }

  #timeout(timeoutMillis: number): AcquireTimeoutError {
    const { trouble } = this.#ledger;
    return new AcquireTimeoutError({
      timeoutMillis,
      phase: "connect",
      numbers: this.#ledger.numbers(),
      holders: [],
      ...(trouble === null ? {} : { cause: trouble.cause }),
    });
  }
}
