import { AsyncResource } from "node:async_hooks";
import { sessionOf } from "../connection/open-connection.ts";
import type { Session } from "../connection/session.ts";
import type { Bounds, CloseReason, Connector, ConnectRequest } from "../engine/ports.ts";
import { ConfigError } from "../errors.ts";
import type { ConnectionOpener } from "../factory/connection-factory.ts";
import type { PoolTelemetry } from "../telemetry/pool-telemetry.ts";
import type { Acquisition } from "./acquisition.ts";
import { classifyConnectFailure } from "./classify-error.ts";
import { Member } from "./member.ts";
import type { ResolvedPoolOptions } from "./options.ts";

/** The engine's way to the server: opens through the factory, and runs the caller's hooks outside any borrower's context. */
export class SessionConnector implements Connector<Member, Acquisition> {
  readonly #factory: ConnectionOpener;
  readonly #options: ResolvedPoolOptions;
  readonly #telemetry: PoolTelemetry;
  // Sockets and hooks live as long as a connection; without a scope of their own they would keep the context of
  // whichever caller happened to open it.
  readonly #scope = new AsyncResource("RockpoolConnection");

  constructor(factory: ConnectionOpener, options: ResolvedPoolOptions, telemetry: PoolTelemetry) {
    this.#factory = factory;
    this.#options = options;
    this.#telemetry = telemetry;
  }

  async connect(request: ConnectRequest<Acquisition>): Promise<Member> {
    const id = `${this.#options.name}#${request.slotId}`;
    const trace = this.#telemetry.startConnect(id, request.demandedBy?.checkout ?? null);
    try {
      const connection = await this.#scope.runInAsyncScope(() =>
        trace.run(() => this.#factory.connect({ signal: request.signal, id, observer: trace.observer })),
      );
      const session = sessionOf(connection);
      claim(session);
      // Whoever decorated the factory may have kept the id to itself.
      session.rename(id);
      const member = new Member(connection, trace.opened(session.identity));
      member.session.observer = this.#telemetry.observer;
      return member;
    } catch (error) {
      trace.failed(error);
      throw error;
    }
  }

  async validate(member: Member, bounds: Bounds): Promise<void> {
    await this.#maintain(member, "validate", () => member.session.ping(bounds.signal));
  }

  prepare(member: Member, _bounds: Bounds): Promise<void> | null {
    const { prepare } = this.#options.hooks;
    return prepare === undefined ? null : this.#run(() => prepare(member.connection));
  }

  reset(member: Member, bounds: Bounds): Promise<void> | null {
    const { session } = member;
    const { reset } = this.#options;
    if (session.isLost) return Promise.reject(session.lostCause ?? new Error("the connection was lost"));
    if (
      this.#options.hooks.onRelease === undefined &&
      !session.isBusy &&
      session.transactionStatus === "idle"
    ) {
      // The common release: nothing to do, and no signal made for it.
      if (reset === "none" || reset === "rollback") return null;
      if (reset === "clean" && session.traits.size === 0) return null;
    }
    return this.#maintain(member, "reset", () => this.#clean(member, bounds));
  }

  async close(member: Member, reason: CloseReason): Promise<void> {
    const { beforeClose } = this.#options.hooks;
    // What did not prove alive would not hear a goodbye either, and would keep its place until that is found out.
    if (reason === "validation") member.session.destroy();
    else if (beforeClose !== undefined && !member.session.isLost) {
      // The connection is closed whatever the hook says; the engine bounds both together.
      await this.#run(() => beforeClose(member.connection)).catch(() => {});
    }
    await member.session.close();
  }

  destroy(member: Member): void {
    member.session.destroy();
  }

  progressOf(member: Member): number | null {
    return member.session.progress;
  }

  hostOf(member: Member): string {
    return member.host;
  }

  classifyConnectFailure(error: unknown): "capacity" | "fatal" | "failure" {
    return classifyConnectFailure(error);
  }

  async #clean(member: Member, bounds: Bounds): Promise<void> {
    const { session, connection } = member;
    const { reset, hooks } = this.#options;
    if (session.isBusy) await session.cancelRunning();
    if (hooks.onRelease !== undefined) await hooks.onRelease(connection);
    if (typeof reset === "function") await reset(connection);
    await session.reset(typeof reset === "function" ? "none" : reset, bounds.signal);
    if (session.isBusy || session.transactionStatus !== "idle") {
      throw new Error(`connection ${member.id} was left in a transaction; end it before the release`);
    }
  }

  async #maintain(member: Member, kind: "reset" | "validate", work: () => Promise<void>): Promise<void> {
    const trace = member.trace.maintenance(kind);
    try {
      await this.#run(work);
      trace?.ended(null);
    } catch (error) {
      trace?.ended(error);
      throw error;
    }
  }

  #run(work: () => void | Promise<void>): Promise<void> {
    return this.#scope.runInAsyncScope(async () => work());
  }
}

/** The sessions that some pool has, or had. */
const claimed = new WeakSet<Session>();

/** @throws {ConfigError} a pool has it: two leases of one session would see each other's transactions. */
function claim(session: Session): void {
  if (claimed.has(session)) {
    throw new ConfigError(
      `connect() of the factory gave connection ${session.identity.id} once more: it must open a new one each time, and the pool reuses them`,
    );
  }
  claimed.add(session);
}
