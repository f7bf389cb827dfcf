import type { PoolEvent } from "@rockpool/core";
import { Histogram } from "./histogram.ts";

/** Counts what a pool does from its events, and what the service does with it. */
export class Meter {
  readonly waits: Histogram = new Histogram();
  #recentWaits = new Histogram();
  #checkouts = 0;
  #opened = 0;
  #queries = 0;
  #errors = 0;
  #leaks = 0;
  #lastLeak: string | null = null;

  get checkouts(): number {
    return this.#checkouts;
  }
  /** Connections opened. */
  get opened(): number {
    return this.#opened;
  }
  get queries(): number {
    return this.#queries;
  }
  /** Connects that failed, and requests that the service could not serve. */
  get errors(): number {
    return this.#errors;
  }
  get leaks(): number {
    return this.#leaks;
  }
  /** The connection that was held too long last, and where it was acquired. */
  get lastLeak(): string | null {
    return this.#lastLeak;
  }

  /** A listener for the pool. */
  readonly onPoolEvent = (event: PoolEvent): void => {
    if (event.type === "acquired") {
      this.#checkouts += 1;
      this.waits.record(event.waitMillis);
      this.#recentWaits.record(event.waitMillis);
    } else if (event.type === "connected") this.#opened += 1;
    else if (event.type === "leak_suspected") {
      this.#leaks += 1;
      this.#lastLeak = `${event.connectionId}, acquired ${callerIn(event.stack)}`;
    } else if (event.type === "connect_failed") this.#errors += 1;
  };

  countQuery(): void {
    this.#queries += 1;
  }

  countError(): void {
    this.#errors += 1;
  }

  /** The waits since the last call. */
  takeRecentWaits(): Histogram {
    const taken = this.#recentWaits;
    this.#recentWaits = new Histogram();
    return taken;
  }
}

/** The first line of the stack that is not the pool's own. */
function callerIn(stack: string | null): string {
  const frames = (stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const caller = frames.find((line) => !/\bat (async )?(Pool|Lease)\./.test(line));
  return caller?.trim().replace(/\((?:.*[\\/])?([^\\/]+)\)$/, "($1)") ?? "somewhere";
}
