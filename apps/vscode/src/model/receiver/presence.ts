/** How a program stands that reports: it reports, it has been silent for too long, or it is taken to be gone. */
export type Standing = "live" | "stale" | "gone";

/** A program that sends once a minute, as exporters do by default, has not been heard twice in the first minute. */
const FIRST_PATIENCE_MILLIS = 15_000;
const LEAST_PATIENCE_MILLIS = 5_000;
const MOST_PATIENCE_MILLIS = 180_000;
/** How many of its own intervals a program may be silent. */
const INTERVALS = 3;
/** What is left of the patience after each arrival, so that it follows a program that sends more often than before. */
const PATIENCE_LEFT = 0.98;
const FADING_MILLIS = 60_000;

/** When one program was heard of, and how often it sends. */
export class Presence {
  #lastSeenUnixMillis: number;
  #patienceMillis = FIRST_PATIENCE_MILLIS;
  #endedUnixMillis: number | null = null;

  constructor(unixMillis: number) {
    this.#lastSeenUnixMillis = unixMillis;
  }

  get lastSeenUnixMillis(): number {
    return this.#lastSeenUnixMillis;
  }

  heard(unixMillis: number): void {
    const silence = unixMillis - this.#lastSeenUnixMillis;
    // Spans and metrics arrive in turn, so the longest silence of late is what the program's own rhythm may be.
    const patience = Math.max(
      silence * INTERVALS,
      this.#patienceMillis * PATIENCE_LEFT,
      LEAST_PATIENCE_MILLIS,
    );
    this.#patienceMillis = Math.min(patience, MOST_PATIENCE_MILLIS);
    this.#lastSeenUnixMillis = unixMillis;
    this.#endedUnixMillis = null;
  }

  /** Its process is known to have ended, or its pool to be closed. */
  ended(unixMillis: number): void {
    this.#endedUnixMillis ??= unixMillis;
  }

  standing(unixMillis: number): Standing {
    const staleAt = this.#endedUnixMillis ?? this.#lastSeenUnixMillis + this.#patienceMillis;
    if (unixMillis < staleAt) return "live";
    return unixMillis < staleAt + FADING_MILLIS ? "stale" : "gone";
  }
}
