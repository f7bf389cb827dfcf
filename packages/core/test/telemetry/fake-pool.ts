import type { ConnectionIdentity, OperationStart } from "../../src/connection/observer.ts";
import { AcquireTimeoutError } from "../../src/errors.ts";
import { createPoolTelemetry } from "../../src/telemetry/create-pool-telemetry.ts";
import type { TelemetryOptions } from "../../src/telemetry/options.ts";
import type {
  Checkout,
  CheckoutKind,
  ConnectionTrace,
  PoolGauges,
  PoolTelemetry,
} from "../../src/telemetry/pool-telemetry.ts";

/** Drives telemetry as a pool does, without a server. */
export class FakePool {
  readonly telemetry: PoolTelemetry;
  readonly name: string;
  gauges: PoolGauges = { idle: 0, used: 0, max: 10, maxIdle: 10, minIdle: 0, waiting: 0 };
  isDriverPatched = false;
  #connections = 0;

  constructor(options: TelemetryOptions & { name?: string; host?: string; port?: number } = {}) {
    const { name = "main", host = "db.example", port = 5432, ...telemetry } = options;
    this.name = name;
    this.telemetry = createPoolTelemetry({
      poolName: name,
      target: { host, port, database: "orders" },
      options: telemetry,
      gauges: () => this.gauges,
      isDriverPatched: () => this.isDriverPatched,
    });
    this.#where = { host, port };
  }

  readonly #where: { host: string; port: number };

  connect(demandedBy: Checkout | null = null, change: Partial<ConnectionIdentity> = {}): ConnectionTrace {
    this.#connections += 1;
    const id = `${this.name}#${this.#connections}`;
    const attempt = this.telemetry.startConnect(id, demandedBy);
    return attempt.opened({
      id,
      backendPid: 4_000 + this.#connections,
      ...this.#where,
      database: "orders",
      user: "app",
      ...change,
    });
  }

  checkout(connection: ConnectionTrace, kind: CheckoutKind = "explicit"): Checkout {
    const checkout = this.telemetry.startCheckout(kind);
    checkout.granted(connection, { source: "idle", waitMillis: 0, idleMillis: 0 });
    return checkout;
  }

  /** Runs one operation to its end. */
  run(
    connection: ConnectionTrace,
    scope: object | null,
    operation: Partial<OperationStart> = {},
    error: unknown = null,
  ): void {
    const observation = this.telemetry.observer.started(connection.identity, {
      kind: "query",
      text: "select * from orders where id = $1",
      isParameterised: true,
      isPrepared: false,
      batchSize: 1,
      scope,
      ...operation,
    });
    observation?.end({ error, rowCount: null, command: null, wasAborted: false });
  }
}

/** An error as the driver makes it of the server's words. */
export function serverError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, severity: "ERROR" });
}

/** Lets a pool live through everything that is measured. */
export function live(pool: FakePool): void {
  const connection = pool.connect();
  const checkout = pool.telemetry.startCheckout("explicit");
  checkout.waiting();
  checkout.granted(connection, { source: "queued", waitMillis: 20, idleMillis: 0 });
  pool.run(connection, checkout);
  pool.run(connection, checkout, {}, serverError("23505", "duplicate key"));
  checkout.released();
  pool.checkout(connection).released();
  connection.closed("lifetime");
  pool.telemetry.startCheckout("explicit").failed(acquireTimeout());
}

/** The error of a caller that waited in vain. */
export function acquireTimeout(): AcquireTimeoutError {
  const numbers = { max: 1, total: 1, idle: 0, acquired: 1, connecting: 0, waiting: 1 };
  return new AcquireTimeoutError({ timeoutMillis: 10, phase: "wait", numbers, holders: [] });
}
