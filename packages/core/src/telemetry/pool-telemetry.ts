import type { ConnectionIdentity, ConnectionObserver } from "../connection/observer.ts";
import type { TransactionStatus } from "../connection/session-state.ts";
import type { CloseReason, Grant } from "../engine/ports.ts";
import type { TelemetryOptions } from "./options.ts";

/**
 * Who asked for a connection: a caller who will hold a lease, `pool.query()` for one statement, or the pool itself for a connection
 * that many callers share (pipelining, the LISTEN hub). A shared checkout is a root and never the parent of a query.
 */
export type CheckoutKind = "explicit" | "query" | "shared";

/** The pool's numbers at the moment of a collection, in connections and, for `waiting`, in callers. */
export interface PoolGauges {
  /** Open and free. */
  readonly idle: number;
  /** Open and not free: acquired, validating, resetting or closing. */
  readonly used: number;
  readonly max: number;
  /** The most that may be idle; `max` where there is no such limit. */
  readonly maxIdle: number;
  readonly minIdle: number;
  readonly waiting: number;
}

/** Where a pool's connections go, as far as it is known before one is open. */
export interface TelemetryTarget {
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** What telemetry needs of a pool. */
export interface PoolTelemetryDetails {
  readonly poolName: string;
  readonly target: TelemetryTarget;
  readonly options: TelemetryOptions;
  /** Read once at each collection of metrics. */
  readonly gauges: () => PoolGauges;
  /** Whether another instrumentation has patched the driver; read at each call into it. */
  readonly isDriverPatched: () => boolean;
}

/** Where a connection was asked for. */
export interface CallSite {
  /** As V8 writes it, from the caller of the pool on. */
  readonly stack?: string;
}

/**
 * One request for a connection, from the call to the release. It ends exactly once: by `failed`, `aborted` or `released`.
 *
 * The object is also the scope of the lease: set it as the session's `scope`, so that queries find their parent.
 */
export interface Checkout {
  /** The request has to wait; called at most once. */
  waiting(): void;
  /** The request got its connection; called when the lease is about to reach the caller. */
  granted(connection: ConnectionTrace, grant: Grant): void;
  /** The request ended without a connection. */
  failed(error: unknown): void;
  /** The caller gave the request up, for a reason of its own. */
  aborted(reason: unknown): void;
  /** The connection will be closed when this checkout ends; called before `released`. */
  discarded(reason: CloseReason): void;
  /** A statement of the connection is being cancelled. */
  cancelling(): void;
  /** A statement has begun, failed or ended a transaction. */
  transaction(status: TransactionStatus): void;
  /**
   * The lease is held for suspiciously long; called at most once.
   *
   * @param stack - of the acquire; null where it was not taken.
   */
  leakSuspected(stack: string | null): void;
  /** The caller gave the connection back. */
  released(): void;
  /** Runs a callback that holds the lease, so that what it opens nests under the checkout. */
  run<T>(callback: () => T): T;
}

/** One attempt to open a connection; it ends exactly once, by `opened` or by `failed`. */
export interface ConnectTrace {
  /** For `ConnectOptions.observer`: queries of `configure` nest under the attempt. Replace it by the pool's own afterwards. */
  readonly observer: ConnectionObserver;
  /** Runs the factory outside the caller's context and, where another instrumentation would double it, out of its sight. */
  run<T>(connect: () => T): T;
  opened(identity: ConnectionIdentity): ConnectionTrace;
  failed(error: unknown): void;
}

/** The life of one physical connection; keep it with its session. */
export interface ConnectionTrace {
  readonly identity: ConnectionIdentity;
  /** How often it was given to a caller, the current use included. */
  readonly useCount: number;
  /** A reset or a validation begins; null where it is of no interest. */
  maintenance(kind: "reset" | "validate"): MaintenanceTrace | null;
  /** The connection is being closed; called at most once, before `closed`. */
  closing(): void;
  /** The connection is gone; called once. */
  closed(reason: CloseReason): void;
}

/** One reset or validation; it ends exactly once. */
export interface MaintenanceTrace {
  ended(error: unknown): void;
}

/** All that a pool tells OpenTelemetry. None of its methods throws. */
export interface PoolTelemetry {
  /** For every session of the pool once it is open. */
  readonly observer: ConnectionObserver;
  /** For connections beside the pool that many callers share, such as that of the LISTEN hub. */
  readonly sharedObserver: ConnectionObserver;
  /** Called synchronously by the verb that asks for a connection, in the caller's own context. */
  startCheckout(kind: CheckoutKind, caller?: CallSite | null): Checkout;
  /**
   * @param id - the identity that the connection will have, `<pool>#<n>`.
   * @param demandedBy - whose wait caused the attempt; null in the background.
   */
  startConnect(id: string, demandedBy: Checkout | null): ConnectTrace;
  /** Looks for an SDK that was started since; cheap. */
  refresh(): void;
  /** The pool is closed: stops reporting its states. */
  close(): void;
}
