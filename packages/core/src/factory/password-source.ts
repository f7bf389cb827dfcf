import type { ConfigContext } from "../config/context.ts";
import type { ConfiguredHost } from "../config/hosts.ts";
import { passwordOfHost } from "../config/passwords.ts";
import type { ResolvedValues } from "../config/resolved-values.ts";
import type { Credentials } from "./credentials.ts";

/** The server asks for a password and there is none. */
class NoPasswordError extends Error {
  readonly code = "no_password";

  constructor(reason: string | null) {
    super(`the server asks for a password and none is given${reason === null ? "" : `: ${reason}`}`);
  }
}

/** The passwords of one connect: that of a provider, fetched once and replaced at most once, or those of the configuration. */
export class PasswordSource {
  readonly #values: ResolvedValues;
  readonly #context: ConfigContext;
  readonly #credentials: Credentials | null;
  #fetched: string | null = null;
  #canReplace: boolean;

  constructor(values: ResolvedValues, context: ConfigContext, credentials: Credentials | null) {
    this.#values = values;
    this.#context = context;
    this.#credentials = credentials;
    this.#canReplace = credentials !== null;
  }

  /** Asks the provider where there is one. */
  async fetch(signal: AbortSignal): Promise<void> {
    if (this.#credentials !== null) this.#fetched = await this.#credentials.get(signal);
  }

  /** Fetches another password after a refusal; false where there is none to hope for. */
  async replace(signal: AbortSignal): Promise<boolean> {
    if (this.#credentials === null || !this.#canReplace) return false;
    this.#canReplace = false;
    this.#fetched = await this.#credentials.replace(this.#fetched ?? "", signal);
    return true;
  }

  /** The password for one host; throws where there is none. */
  for(host: ConfiguredHost): string {
    const given = this.#fetched ?? this.#values.get("password")?.value;
    if (given) return given;
    const found = passwordOfHost(this.#values, this.#context, host);
    if (found.kind === "found" && found.password !== "") return found.password;
    throw new NoPasswordError(found.kind === "ignored" ? found.reason : null);
  }
}
