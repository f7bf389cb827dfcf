import { ConfigError } from "../errors.ts";
import { ConnectionView } from "./connection.ts";
import type { Session } from "./session.ts";

const sessions = new WeakMap<OpenConnection, Session>();

/**
 * One connection that belongs to whoever opened it, until `close()`.
 *
 * `await using` closes it at the end of the block.
 */
export class OpenConnection extends ConnectionView implements AsyncDisposable {
  constructor(session: Session) {
    super();
    sessions.set(this, session);
  }

  get id(): string {
    return this.session().identity.id;
  }

  get backendPid(): number | null {
    return this.session().identity.backendPid;
  }

  /** Ends the session and resolves when its socket has closed; harmless when it has. */
  close(): Promise<void> {
    return this.session().close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  protected override session(): Session {
    return sessionOf(this);
  }
}

/**
 * The session under a connection, for a pool that takes it over from whoever opened it.
 *
 * @throws {ConfigError} it is no connection, or one of another copy of this package.
 */
export function sessionOf(connection: OpenConnection): Session {
  const session = sessions.get(connection);
  if (session === undefined) {
    throw new ConfigError(
      "connect() of the factory gave what is no connection that this copy of @rockpool/core has opened: " +
        "give what connect() of a factory of createConnectionFactory() gave, as it is",
    );
  }
  return session;
}
