import { ConfigError } from "../errors.ts";
import type { ConnectionTarget, Credential, PasswordProvider } from "./connection-factory.ts";
import { abortable } from "./time-limit.ts";

/** A fetched password is replaced this long before it expires, or in the last fifth of its life where that is shorter. */
const refreshAheadMillis = 60_000;
const refreshAheadShare = 0.2;

interface Held {
  readonly password: string;
  /** On the clock of `Date`; `Infinity` where it does not expire. */
  readonly expiresAt: number;
  readonly refreshAt: number;
}

/** One call of the provider. */
interface Fetch {
  readonly answer: Promise<Held>;
  /** How many connects wait for it. */
  waiting: number;
}

/**
 * The passwords of one provider.
 *
 * A password with an expiry is kept until then and fetched anew in the background shortly before; one without is asked for on each
 * connect. Callers that ask while a fetch is under way share it; one that outlasts the patience of all of them is left to itself, so
 * that the next caller is not kept waiting by it too.
 */
export class Credentials {
  readonly #provider: PasswordProvider;
  readonly #target: ConnectionTarget;
  readonly #now: () => number;
  #held: Held | null = null;
  #fetch: Fetch | null = null;

  /** @param now - milliseconds of the epoch. */
  constructor(provider: PasswordProvider, target: ConnectionTarget, now: () => number) {
    this.#provider = provider;
    this.#target = target;
    this.#now = now;
  }

  /** The password for a connect that starts now. */
  async get(signal: AbortSignal): Promise<string> {
    const now = this.#now();
    const held = this.#held;
    if (held === null || held.expiresAt <= now) return this.#wait(this.#fetch ?? this.#begin(), signal);
    // A refresh that fails is no harm yet: the next connect tries again, and the held password still works.
    if (held.refreshAt <= now && this.#fetch === null) this.#begin();
    return held.password;
  }

  /** The password after the server has refused one; fetched anew unless somebody has done so since. */
  async replace(refused: string, signal: AbortSignal): Promise<string> {
    if (this.#held?.password === refused) this.#held = null;
    return this.get(signal);
  }

  async #wait(fetch: Fetch, signal: AbortSignal): Promise<string> {
    fetch.waiting += 1;
    try {
      return (await abortable(fetch.answer, signal)).password;
    } finally {
      fetch.waiting -= 1;
      if (fetch.waiting === 0 && this.#fetch === fetch) this.#fetch = null;
    }
  }

  #begin(): Fetch {
    const fetch: Fetch = { answer: this.#ask(), waiting: 0 };
    const done = (held: Held | null): void => {
      // One that was left to itself may answer after one that began later.
      if (this.#fetch !== fetch) return;
      this.#fetch = null;
      if (held !== null) this.#held = Number.isFinite(held.expiresAt) ? held : null;
    };
    fetch.answer.then(done, () => done(null));
    this.#fetch = fetch;
    return fetch;
  }

  async #ask(): Promise<Held> {
    const askedAt = this.#now();
    return toHeld(await this.#provider(this.#target), askedAt);
  }
}

function toHeld(answer: string | Credential, askedAt: number): Held {
  const password = typeof answer === "string" ? answer : answer?.password;
  if (typeof password !== "string") {
    throw new ConfigError("the password provider must give a string or { password, expiresAt }", {
      source: "the password provider",
    });
  }
  const given = typeof answer === "string" ? null : answer.expiresAt;
  const expiresAt = given === null || given === undefined ? Number.POSITIVE_INFINITY : Number(given);
  if (Number.isNaN(expiresAt)) {
    throw new ConfigError(
      "expiresAt from the password provider must be a Date or milliseconds of the epoch",
      {
        source: "the password provider",
      },
    );
  }
  const ahead = Math.min(refreshAheadMillis, (expiresAt - askedAt) * refreshAheadShare);
  return { password, expiresAt, refreshAt: expiresAt - ahead };
}
