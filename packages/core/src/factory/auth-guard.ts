import type { EventEmitter } from "node:events";
import type { ChannelBinding } from "../config/connection-settings.ts";
import type { AuthMethod, AuthRequirement } from "../config/require-auth.ts";

/** The server asked for another proof than the configuration allows, or for none. */
export class AuthRefusedError extends Error {
  readonly code: "require_auth" | "channel_binding";

  constructor(code: AuthRefusedError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** What the configuration demands of the authentication. */
export interface AuthDemands {
  readonly requireAuth: AuthRequirement | null;
  readonly channelBinding: ChannelBinding;
}

const boundMechanism = "SCRAM-SHA-256-PLUS";

/**
 * Watches the server's authentication messages before the driver answers them.
 *
 * `check` throws what is wrong with the request that stands; the driver asks for the password in between, so nothing secret leaves
 * before. A server that ends the exchange without a proof of its own is refused when it does.
 */
export class AuthGuard {
  readonly #demands: AuthDemands;
  #refusal: AuthRefusedError | null = null;
  #wasAsked = false;
  #isExchangeOpen = false;
  #isBound = false;

  constructor(demands: AuthDemands) {
    this.#demands = demands;
  }

  /** Must be called before the driver attaches its own listeners, so that each message is seen here first. */
  watch(connection: EventEmitter): void {
    connection.on("authenticationCleartextPassword", () => this.#asked("password"));
    connection.on("authenticationMD5Password", () => this.#asked("md5"));
    connection.on("authenticationSASL", ({ mechanisms }: { mechanisms: readonly string[] }) => {
      this.#isExchangeOpen = true;
      this.#isBound = mechanisms.includes(boundMechanism);
      this.#asked("scram-sha-256");
    });
    connection.on("authenticationSASLFinal", () => {
      this.#isExchangeOpen = false;
    });
    connection.on("authenticationOk", () => {
      this.#accepted();
      if (this.#refusal !== null) connection.emit("error", this.#refusal);
    });
  }

  /** Throws where the request of the server must not be answered. */
  check(): void {
    if (this.#refusal !== null) throw this.#refusal;
  }

  #asked(method: AuthMethod): void {
    this.#wasAsked = true;
    const { requireAuth, channelBinding } = this.#demands;
    if (requireAuth !== null && !requireAuth.methods.has(method)) {
      this.#refuse("require_auth", `the server asks for ${method}, which require_auth does not allow`);
    } else if (channelBinding === "require" && !this.#isBound) {
      this.#refuse(
        "channel_binding",
        `channel_binding=require, but the server does not offer ${boundMechanism}; use TLS and scram-sha-256 on the server`,
      );
    }
  }

  #accepted(): void {
    const { requireAuth, channelBinding } = this.#demands;
    if (this.#isExchangeOpen) {
      this.#refuse("require_auth", "the server ended SCRAM without proving that it knows the password");
    } else if (requireAuth?.mustAuthenticate && !this.#wasAsked) {
      this.#refuse(
        "require_auth",
        "the server asks for no authentication, which require_auth does not allow",
      );
    } else if (channelBinding === "require" && !this.#isBound) {
      this.#refuse("channel_binding", "channel_binding=require, but the server asks for no authentication");
    }
  }

  #refuse(code: AuthRefusedError["code"], message: string): void {
    this.#refusal ??= new AuthRefusedError(code, message);
  }
}
