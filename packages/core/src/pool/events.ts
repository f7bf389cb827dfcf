import type { TransactionStatus } from "../connection/session-state.ts";
import type { AcquireSource, CloseReason } from "../engine/ports.ts";

/** What happened in a pool; `atMillis` is on the pool's clock. */
export type PoolEvent =
  | { readonly type: "connect_started"; readonly atMillis: number; readonly connectionId: string }
  | {
      readonly type: "connected";
      readonly atMillis: number;
      readonly connectionId: string;
      readonly backendPid: number | null;
      readonly connectMillis: number;
    }
  | {
      readonly type: "connect_failed";
      readonly atMillis: number;
      readonly connectionId: string;
      readonly error: unknown;
    }
  | { readonly type: "waiting"; readonly atMillis: number; readonly waiting: number }
  | {
      readonly type: "acquired";
      readonly atMillis: number;
      readonly connectionId: string;
      readonly source: AcquireSource;
      readonly waitMillis: number;
      readonly useCount: number;
    }
  | { readonly type: "acquire_failed"; readonly atMillis: number; readonly error: unknown }
  | {
      readonly type: "released";
      readonly atMillis: number;
      readonly connectionId: string;
      readonly heldMillis: number;
    }
  | { readonly type: "cancelling"; readonly atMillis: number; readonly connectionId: string }
  | {
      readonly type: "transaction";
      readonly atMillis: number;
      readonly connectionId: string;
      readonly status: TransactionStatus;
    }
  | {
      readonly type: "closing" | "closed";
      readonly atMillis: number;
      readonly connectionId: string;
      readonly reason: CloseReason;
    }
  | {
      readonly type: "lost";
      readonly atMillis: number;
      readonly connectionId: string;
      readonly error: unknown;
    }
  | {
      readonly type: "leak_suspected";
      readonly atMillis: number;
      readonly connectionId: string;
      readonly heldMillis: number;
      readonly stack: string | null;
    }
  | { readonly type: "nested_acquire"; readonly atMillis: number; readonly stack: string | null };

/** Told of each event as it happens, synchronously; what it throws is ignored. */
export type PoolListener = (event: PoolEvent) => void;
