import { Engine } from "../../../src/engine/engine.ts";
import { Holder } from "../../../src/engine/holder.ts";
import type { EngineOptions } from "../../../src/engine/options.ts";
import { Caller, type FakeSlot } from "./caller.ts";
import type { Act, Command } from "./commands.ts";
import { type CallKind, type FakeConnection, FakeConnector } from "./fake-connector.ts";
import { Oracle } from "./oracle.ts";
import { type EventName, Reflexes } from "./reflexes.ts";
import { withoutStrayRejections } from "./stray-rejections.ts";
import { settle, VirtualClock } from "./virtual-clock.ts";

/** An engine and a world that commands happen to. */
export class Run {
  readonly options: EngineOptions;
  readonly clock = new VirtualClock();
  readonly connector: FakeConnector<Caller>;
  readonly oracle: Oracle;
  readonly engine: Engine<FakeConnection, Caller>;
  readonly #waiting: Caller[] = [];
  readonly #leases: { slot: FakeSlot; holder: Holder | null }[] = [];
  readonly #reflexes: { on: EventName; act: Act }[] = [];
  #callers = 0;
  #limit: number;
  #chance = 0;
  #state: "open" | "draining" | "closing" = "open";
  #closed: Promise<void> | null = null;

  constructor(options: EngineOptions) {
    this.options = options;
    this.connector = new FakeConnector<Caller>(this.clock);
    this.oracle = new Oracle({ options, clock: this.clock, connector: this.connector });
    this.connector.onProven = (connection) => this.oracle.proven(connection);
    this.connector.onCall = (kind, connection) => this.#checkCall(kind, connection);
    this.engine = new Engine<FakeConnection, Caller>({
      name: "model",
      options,
      connector: this.connector,
      clock: this.clock,
      random: { next: () => this.#nextChance() },
      observer: new Reflexes(this.oracle, (event) => this.#react(event)),
    });
    this.#limit = options.max;
  }

  /** Lets every command happen; throws as soon as something is wrong. */
  async perform(commands: readonly Command[]): Promise<void> {
    await withoutStrayRejections(async () => {
      for (const one of commands) {
        await this.#perform(one);
        await settle();
        this.#check();
      }
      await this.#recover();
      await this.#end();
    });
  }

  #check(): void {
    const { total, max } = this.engine.stats();
    // After max was lowered, the number of connections may only fall.
    this.#limit = Math.max(max, Math.min(this.#limit, total));
    this.oracle.check(this.engine, this.#limit);
    for (const fault of this.connector.faults) this.oracle.complain(fault);
    if (this.oracle.violation !== null) throw this.oracle.violation;
    for (const caller of [...this.#waiting]) {
      if (caller.settlements > 1) throw new Error(`${caller.name} was settled ${caller.settlements} times`);
      if (!caller.isSettled) continue;
      this.#waiting.splice(this.#waiting.indexOf(caller), 1);
      if (caller.slot !== null) this.#leases.push({ slot: caller.slot, holder: caller.lessee });
    }
  }

  async #perform(one: Command): Promise<void> {
    switch (one.do) {
      case "advance":
        return this.clock.advance(one.millis);
      case "reflex":
        this.#reflexes.push(one);
        return;
      case "moveHost":
        this.connector.host = one.host;
        return;
      case "mood":
        this.connector.behaviours[one.call] = one.behaviour;
        return;
      case "deaf":
        this.connector.obeysSignals = !one.isDeaf;
        this.connector.looksAtSignals = !one.isDeaf;
        return;
      case "takeStats":
        this.oracle.forget(this.engine.takeStats());
        return;
      default:
        this.#act(one);
    }
  }

  /** Somebody acts while the engine is in the middle of something, as a listener of the pool may. */
  #react(event: EventName): void {
    const at = this.#reflexes.findIndex(({ on }) => on === event);
    const [reflex] = at < 0 ? [] : this.#reflexes.splice(at, 1);
    if (reflex !== undefined) this.#act(reflex.act);
  }

  #act(one: Act): void {
    const { engine, oracle } = this;
    switch (one.do) {
      case "acquire":
        this.#acquire(one);
        return;
      case "tryAcquire":
        this.#tryAcquire();
        return;
      case "abort": {
        const caller = pickOf(this.#waiting, one.pick);
        if (caller !== undefined) engine.cancel(caller, "aborted");
        return;
      }
      case "release":
      case "discard":
        this.#giveBack(one.pick, one.do);
        return;
      case "work":
        this.#work(one.pick, one.millis);
        return;
      case "lose":
        this.#lose(one.pick, one.evictHost);
        return;
      case "evictHost":
        engine.evictHost(one.host);
        return;
      case "evictAll":
        oracle.evictedAll();
        void engine.evictAll();
        return;
      case "evictIdle":
        engine.evictIdle();
        return;
      case "resize":
        this.#resize(one);
        return;
      case "prewarm":
        engine.prewarm(one.count);
        return;
      case "suspend":
        if (this.#state === "open") oracle.isSuspended = true;
        engine.suspend();
        return;
      case "resume":
        oracle.isSuspended = false;
        engine.resume();
        return;
      case "drain":
        if (this.#state === "open") {
          this.#state = "draining";
          oracle.isSuspended = false;
        }
        void engine.drain();
        return;
      case "close":
        this.#close(one.timeoutMillis);
        return;
      case "open":
        engine.open();
    }
  }

  #giveBack(which: number, how: "release" | "discard"): void {
    const lease = pickOf(this.#leases, which);
    if (lease === undefined) return;
    this.#leases.splice(this.#leases.indexOf(lease), 1);
    lease.slot.connection.isAtWork = false;
    this.engine[how](lease.slot);
  }

  #acquire(terms: { timeoutMillis: number | null; nestedIn: number | null }): void {
    this.#callers += 1;
    const outer = terms.nestedIn === null ? undefined : pickOf(this.#leases, terms.nestedIn);
    const holder = outer?.holder ?? null;
    const lessee = this.#callers % 5 === 0 ? null : new Holder(holder);
    const caller = new Caller(`caller ${this.#callers}`, {
      timeoutMillis: terms.timeoutMillis,
      holder,
      lessee,
    });
    this.engine.acquire(caller);
    this.oracle.asked(caller);
    this.#waiting.push(caller);
  }

  #tryAcquire(): void {
    const { state, waiting } = this.engine.stats();
    let slot: FakeSlot | null;
    try {
      slot = this.engine.tryAcquire(null);
    } catch (error) {
      if (state !== "open") return;
      throw error;
    }
    if (state !== "open") throw new Error(`tryAcquire returned while ${state}`);
    if (slot === null) return;
    if (waiting > 0) throw new Error("tryAcquire overtook the queue");
    this.oracle.tried();
    this.#leases.push({ slot, holder: null });
  }

  /** A holder has the server do something: for a while, or without end. */
  #work(which: number, millis: number | null): void {
    const slot = pickOf(this.#leases, which)?.slot;
    if (slot === undefined || slot.connection.isAtWork) return;
    const { connection, useCount } = slot;
    this.oracle.stirred();
    connection.steps += 1;
    connection.isAtWork = millis !== 0;
    if (millis === null) return;
    this.clock.setTimer(() => {
      if (slot.useCount !== useCount || !connection.isAtWork) return;
      this.oracle.stirred();
      connection.steps += 1;
      connection.isAtWork = false;
    }, millis);
  }

  #resize(sizes: { max: number; min: number; minIdle: number }): void {
    const most = this.options.maxIdle ?? sizes.max;
    this.#limit = Math.max(this.#limit, sizes.max);
    const allowed = { ...sizes, min: Math.min(sizes.min, most), minIdle: Math.min(sizes.minIdle, most) };
    this.oracle.sizes = allowed;
    this.engine.resize({ max: allowed.max, min: allowed.min, minIdle: allowed.minIdle });
  }

  #lose(which: number, evictHost: boolean): void {
    const views = this.engine.slots().filter((view) => view.connection !== null);
    const view = pickOf(views, which);
    const slot = view === undefined ? undefined : this.oracle.slot(view.id);
    if (slot === undefined) return;
    if (view?.state !== "closing") this.oracle.lost(slot);
    this.engine.connectionLost(slot, { evictHost });
  }

  #close(timeoutMillis: number): void {
    this.#state = "closing";
    this.oracle.closing();
    this.clock.setTimer(() => this.oracle.patienceIsOver(), timeoutMillis);
    this.#closed = this.engine.close({ timeoutMillis, cancelLease: () => undefined });
  }

  /** The server is well again: everybody who can be served must be, and the minimum must be met. */
  async #recover(): Promise<void> {
    if (this.#state === "closing") return;
    this.#reflexes.length = 0;
    this.connector.behaviours = {
      connect: { does: "ok", afterMillis: 10 },
      validate: { does: "ok", afterMillis: 1 },
      prepare: { does: "nothing" },
      reset: { does: "nothing" },
      close: { does: "ok", afterMillis: 1 },
    };
    this.connector.obeysSignals = true;
    this.#act({ do: "resume" });
    const usable = { maxUses: this.options.maxUses, maxIdle: this.options.maxIdle };
    await this.clock.advance(30_000);
    this.#check();
    for (let round = 0; this.engine.stats().waiting > 0; round += 1) {
      if (round > 400) throw new Error(`somebody waits for ever: ${JSON.stringify(this.engine.stats())}`);
      for (const { slot } of this.#leases.splice(0)) {
        slot.connection.isAtWork = false;
        this.engine.release(slot);
      }
      await this.clock.advance(usable.maxUses === 1 || usable.maxIdle === 0 ? 200 : 50);
      this.#check();
    }
    if (this.#state === "open") await this.#checkMinimum();
  }

  async #checkMinimum(): Promise<void> {
    this.engine.open();
    await this.clock.advance(20_000);
    this.#check();
    const { max, min, minIdle, total, idle, validating, closing, connecting } = this.engine.stats();
    const isTurningOver =
      this.options.maxLifetimeMillis === 8_000 || this.options.idleTimeoutMillis === 4_000;
    if (isTurningOver || this.options.maxIdle !== null) return;
    if (total < min) throw new Error(`${total} connections, min is ${min}`);
    const hasRoom = total < max;
    if (idle + validating < minIdle && hasRoom && connecting + closing === 0)
      throw new Error(`${idle} idle, minIdle is ${minIdle}`);
  }

  /** Whatever happened before, closing ends, and leaves nothing behind. */
  async #end(): Promise<void> {
    if (this.#closed === null) this.#close(50);
    const startedAt = this.clock.now();
    let closedAt: number | null = null;
    void this.#closed?.then(() => {
      closedAt = this.clock.now();
    });
    await this.clock.advance(2_000 + 600);
    if (closedAt === null || closedAt - startedAt > 2_500) throw new Error("close did not finish in time");
    if (this.engine.stats().total !== 0) throw new Error("connections are left after close");
    await this.clock.advance(20_000);
    if (this.connector.open.length > 0) throw new Error("sockets are left after close");
    if (this.clock.pending > 0) throw new Error(`${this.clock.pending} timers are left after close`);
    this.#check();
  }

  #checkCall(kind: CallKind, connection: FakeConnection): void {
    for (const slot of this.oracle.leases) {
      if (slot.connection === connection)
        this.oracle.complain(`${kind} on slot ${slot.id} while it is in use`);
    }
  }

  #nextChance(): number {
    this.#chance = (this.#chance + 0.37) % 1;
    return this.#chance;
  }
}

function pickOf<T>(items: readonly T[], which: number): T | undefined {
  return items.length === 0 ? undefined : items[which % items.length];
}
