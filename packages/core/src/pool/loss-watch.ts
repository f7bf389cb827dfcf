import type { Engine } from "../engine/engine.ts";
import type { Slot } from "../engine/slot.ts";
import type { Acquisition } from "./acquisition.ts";
import { classifyError } from "./classify-error.ts";
import type { ErrorVerdict, PoolHooks } from "./hooks.ts";
import type { Member } from "./member.ts";
import type { PoolObserver } from "./pool-observer.ts";

/** Tells the engine which connections must not be used again: those that broke, and those that an error condemned. */
export class LossWatch {
  readonly #engine: Engine<Member, Acquisition>;
  readonly #observer: PoolObserver;
  readonly #classify: PoolHooks["classifyError"];
  readonly #demandsWritable: boolean;

  constructor(
    engine: Engine<Member, Acquisition>,
    observer: PoolObserver,
    rules: { classifyError: PoolHooks["classifyError"]; demandsWritable: boolean },
  ) {
    this.#engine = engine;
    this.#observer = observer;
    this.#classify = rules.classifyError;
    this.#demandsWritable = rules.demandsWritable;
  }

  /** Watches a connection from its birth to its end. */
  watch(slot: Slot<Member>): void {
    const { session } = slot.connection;
    session.onLost = (error) => this.#lost(slot, error);
    session.onError = (error) => this.#failed(slot, error);
    if (session.isLost) this.#lost(slot, session.lostCause);
  }

  #lost(slot: Slot<Member>, error: unknown): void {
    this.#observer.lost(slot, error);
    this.#engine.connectionLost(slot, { evictHost: condemnsHost(error, this.#verdict(error)) });
  }

  #failed(slot: Slot<Member>, error: unknown): void {
    const verdict = this.#verdict(error);
    if (verdict !== "keep") this.#engine.connectionLost(slot, { evictHost: verdict === "evict-host" });
  }

  #verdict(error: unknown): ErrorVerdict {
    try {
      return this.#classify?.(error) ?? classifyError(error, this.#demandsWritable);
    } catch {
      return "discard";
    }
  }
}

/**
 * A socket that broke without a word from the server speaks for the host: its other connections are most likely dead too, and one
 * reconnect each costs less than one failed query each. A server that ended a session says why, and is judged by that.
 */
function condemnsHost(error: unknown, verdict: ErrorVerdict): boolean {
  if (verdict === "evict-host") return true;
  return !(typeof error === "object" && error !== null && "severity" in error);
}
