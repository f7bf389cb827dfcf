import { Engine } from "../../../src/engine/engine.ts";
import type { Holder } from "../../../src/engine/holder.ts";
import { defaultEngineOptions, type EngineOptions } from "../../../src/engine/options.ts";
import { Caller, type FakeSlot } from "./caller.ts";
import { EventLog } from "./event-log.ts";
import { type FakeConnection, FakeConnector } from "./fake-connector.ts";
import { settle, VirtualClock } from "./virtual-clock.ts";

/** An engine in a world where a test decides about time, chance and servers. */
export class Harness {
  readonly clock = new VirtualClock();
  readonly connector: FakeConnector<Caller>;
  readonly engine: Engine<FakeConnection, Caller>;
  readonly log = new EventLog();
  /** What chance answers next. */
  chance = 0;
  #callers = 0;

  constructor(options: Partial<EngineOptions> = {}) {
    this.connector = new FakeConnector<Caller>(this.clock);
    this.engine = new Engine<FakeConnection, Caller>({
      name: "test",
      options: { ...defaultEngineOptions, ...options },
      connector: this.connector,
      clock: this.clock,
      random: { next: () => this.chance },
      observer: this.log,
    });
  }

  /** Calls `acquire` and returns at once. */
  ask(
    terms: {
      name?: string;
      timeoutMillis?: number | null;
      holder?: Holder | null;
      lessee?: Holder | null;
    } = {},
  ): Caller {
    this.#callers += 1;
    const caller = new Caller(terms.name ?? `caller ${this.#callers}`, terms);
    this.engine.acquire(caller);
    return caller;
  }

  /** Acquires, letting no time pass; the connection must be there. */
  async lease(terms: { holder?: Holder | null; lessee?: Holder | null } = {}): Promise<FakeSlot> {
    const caller = this.ask(terms);
    await settle();
    return caller.lease;
  }

  /** An open connection's slot, by its id. */
  slot(id: number): FakeSlot {
    const slot = this.log.slots.get(id);
    if (slot === undefined) throw new Error(`there is no slot ${id}`);
    return slot;
  }

  /** Leaves so many idle connections behind. */
  async warm(count: number): Promise<void> {
    this.engine.prewarm(count);
    for (let turn = 0; turn < count; turn += 1) await settle();
    if (this.engine.stats().idle !== count)
      throw new Error(`${this.engine.stats().idle} idle instead of ${count}`);
  }

  async advance(millis: number): Promise<void> {
    await this.clock.advance(millis);
  }

  /** Closes with no patience, and lets all the time pass that it needs. */
  async close(timeoutMillis = 0): Promise<void> {
    const closed = this.engine.close({ timeoutMillis, cancelLease: () => undefined });
    await this.advance(timeoutMillis + 1_000);
    await closed;
  }
}
