import { ConnectionLife } from "./connection-life.ts";
import type { Checkout } from "./pool-telemetry.ts";

/** Every checkout that nobody wants to know of: it only counts the use, for an SDK that starts later. */
export const quietCheckout: Checkout = Object.freeze({
  waiting: () => {},
  granted: (connection) => {
    if (connection instanceof ConnectionLife) connection.used(null);
  },
  failed: () => {},
  aborted: () => {},
  discarded: () => {},
  cancelling: () => {},
  transaction: () => {},
  leakSuspected: () => {},
  released: () => {},
  run: (callback) => callback(),
} satisfies Checkout);
