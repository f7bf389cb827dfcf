import type { Engine } from "../engine/engine.ts";
import type { Clock, Timer } from "../engine/ports.ts";
import type { Slot } from "../engine/slot.ts";
import type { PoolTelemetry } from "../telemetry/pool-telemetry.ts";
import { Acquisition, type AcquisitionDesk } from "./acquisition.ts";
import type { Desk } from "./desk.ts";
import type { Member } from "./member.ts";
import type { ResolvedPipelining } from "./options.ts";
import type { PoolObserver } from "./pool-observer.ts";

/** How long a lane waits for its next statement while callers wait for connections. */
const lingerMillis = 5;

/** A connection that several callers share while any of them has a statement under way. */
export interface Lane {
  readonly slot: Slot<Member>;
  inFlight: number;
  /** When the last answer came: the server began with the next statement then. */
  answeredAt: number;
  /** Runs while it has nothing to do though callers wait; null otherwise. */
  lingering: Timer | null;
}

/** What lanes are made of. */
export interface LaneParts {
  readonly engine: Engine<Member, Acquisition>;
  readonly observer: PoolObserver;
  readonly telemetry: PoolTelemetry;
  readonly desk: Desk;
  readonly options: ResolvedPipelining;
  readonly clock: Clock;
  /** How long a connection may have been silent; as for any other caller. */
  readonly trustMillis: number | null;
  readonly acquireTimeoutMillis: number | null;
}

/**
 * The connections that callers share at the moment. Each is an ordinary lease, held by the pool itself. Invariants:
 *
 * - a lane is filled before another one is opened, since statements that travel together cost less;
 * - where no connection is idle, a lane queues for one like any caller;
 * - a lane that has nothing to do is given back at once; where callers wait, after a moment, because with its next statement it
 *   serves more of them than it would as anybody's own;
 * - where lanes could take every connection, none takes a statement while a caller waits, so that it drains and is released.
 */
export class Lanes {
  readonly open: Lane[] = [];
  readonly #parts: LaneParts;
  readonly #reception: AcquisitionDesk;
  #isAsking = false;

  constructor(parts: LaneParts) {
    this.#parts = parts;
    this.#reception = {
      vigil: parts.desk.vigil,
      grant: (slot) => {
        this.#leaveSoon(this.#add(slot));
        return parts.desk.grant(slot);
      },
      abandon: () => {},
    };
  }

  /** A lane for one more statement; null where it must have a connection of its own. */
  find(): Lane | null {
    const { engine, options } = this.#parts;
    // What the pool would refuse or let wait must not slip in through a lane that is open already.
    if (!engine.isTaking) return null;
    const takesAll = options.connections >= engine.max;
    if (takesAll && engine.waiting > 0) return null;
    for (const lane of this.open) {
      if (lane.inFlight < options.depth && lane.slot.doom === null) return lane;
    }
    if (this.open.length >= options.connections) return null;
    const lane = this.#take();
    if (lane === null && !takesAll) this.#ask();
    return lane;
  }

  /** A statement of the lane was answered. */
  done(lane: Lane): void {
    lane.inFlight -= 1;
    if (lane.inFlight > 0) return;
    const { engine, options } = this.#parts;
    const mayLinger = engine.waiting > 0 && options.connections < engine.max && lane.slot.doom === null;
    if (mayLinger && engine.isServing) this.#leaveSoon(lane);
    else this.#leave(lane);
  }

  /** An idle connection, where there is one that can be trusted. */
  #take(): Lane | null {
    const { engine, observer, desk, clock, trustMillis } = this.#parts;
    const slot = observer.sharing(() => engine.tryAcquire(null));
    if (slot === null) return null;
    if (trustMillis === null || clock.now() - slot.provenAt <= trustMillis) return this.#add(slot);
    // It must be validated first, which an ordinary acquire does.
    desk.release(slot);
    return null;
  }

  #ask(): void {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { engine, telemetry, acquireTimeoutMillis } = this.#parts;
    const acquisition = new Acquisition(this.#reception, {
      timeoutMillis: acquireTimeoutMillis,
      holder: null,
      lessee: null,
      checkout: telemetry.startCheckout("shared"),
      signal: null,
      trace: null,
    });
    engine.acquire(acquisition);
    const settled = (): void => {
      this.#isAsking = false;
    };
    // A lane that does not come is no harm: its statements have connections of their own.
    acquisition.answer().then(settled, settled);
  }

  #add(slot: Slot<Member>): Lane {
    const lane: Lane = { slot, inFlight: 0, answeredAt: 0, lingering: null };
    this.open.push(lane);
    return lane;
  }

  #leaveSoon(lane: Lane): void {
    lane.lingering ??= this.#parts.clock.setTimer(() => {
      lane.lingering = null;
      if (lane.inFlight === 0) this.#leave(lane);
    }, lingerMillis);
  }

  #leave(lane: Lane): void {
    const index = this.open.indexOf(lane);
    if (index === -1) return;
    lane.lingering?.cancel();
    this.open.splice(index, 1);
    this.#parts.desk.release(lane.slot);
  }
}
