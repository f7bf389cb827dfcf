import { setMaxListeners } from "node:events";
import type { Clock } from "../time/clock.ts";
import type { Random } from "../time/seeded-random.ts";
import { type Phase, phases } from "./phases.ts";
import { type LoadRequest, pickRequest, REPORT } from "./pick-request.ts";

export interface LoadDriverOptions {
  /** Requests a second while it is calm. */
  readonly rate: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Sends one request and resolves with its HTTP status. */
  readonly send: (request: LoadRequest, signal: AbortSignal) => Promise<number>;
  /** Takes a connection and forgets it for a while. */
  readonly leak: (signal: AbortSignal) => Promise<void>;
}

/** What the load has done so far. */
export interface LoadCounts {
  readonly phase: Phase["name"] | "stopped";
  readonly requests: number;
  /** Answers with a status of 500 or more, and requests without an answer. */
  readonly failures: number;
  readonly inFlight: number;
  /** Visitors who were turned away since too many requests were under way. */
  readonly turnedAway: number;
}

const TICK_MILLIS = 10;
// Open-ended arrivals on a slow machine would pile up without end.
const MAX_IN_FLIGHT = 256;

/** Sends requests as visitors do: each comes by itself, whether or not those before it have been answered. */
export class LoadDriver {
  readonly #options: LoadDriverOptions;
  readonly #underWay = new Set<Promise<void>>();
  #phase: Phase["name"] | "stopped" = "stopped";
  #requests = 0;
  #failures = 0;
  #turnedAway = 0;

  constructor(options: LoadDriverOptions) {
    this.#options = options;
  }

  counts(): LoadCounts {
    return {
      phase: this.#phase,
      requests: this.#requests,
      failures: this.#failures,
      inFlight: this.#underWay.size,
      turnedAway: this.#turnedAway,
    };
  }

  /** Runs until the signal aborts, then waits for the requests under way. */
  async run(signal: AbortSignal): Promise<void> {
    // Each request under way listens to it.
    setMaxListeners(0, signal);
    try {
      for (const phase of phases(this.#options.random)) await this.#runPhase(phase, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#phase = "stopped";
      await Promise.all(this.#underWay);
    }
  }

  async #runPhase(phase: Phase, signal: AbortSignal): Promise<void> {
    const { clock, random, rate } = this.#options;
    this.#phase = phase.name;
    if (phase.name === "report") this.#send(REPORT, signal);
    if (phase.name === "leak") this.#track(this.#options.leak(signal), signal);
    const perMillisecond = (rate * phase.intensity) / 1_000;
    const end = clock.now() + phase.durationMillis;
    let next = clock.now() + gap(random, perMillisecond);
    while (clock.now() < end) {
      await clock.sleep(TICK_MILLIS, signal);
      const now = Math.min(clock.now(), end);
      for (; next <= now; next += gap(random, perMillisecond)) this.#arrive(signal);
    }
  }

  #arrive(signal: AbortSignal): void {
    const request = pickRequest(this.#options.random);
    if (this.#underWay.size >= MAX_IN_FLIGHT) this.#turnedAway += 1;
    else this.#send(request, signal);
  }

  #send(request: LoadRequest, signal: AbortSignal): void {
    this.#requests += 1;
    const answered = this.#options.send(request, signal).then((status) => {
      if (status >= 500) this.#failures += 1;
    });
    this.#track(answered, signal);
  }

  /** A request that is cut off by the end of the load has not failed. */
  #track(work: Promise<void>, signal: AbortSignal): void {
    const tracked = work
      .catch(() => {
        if (!signal.aborted) this.#failures += 1;
      })
      .finally(() => this.#underWay.delete(tracked));
    this.#underWay.add(tracked);
  }
}

/** The time to the next arrival of a Poisson process. */
function gap(random: Random, perMillisecond: number): number {
  return -Math.log(1 - random()) / perMillisecond;
}
