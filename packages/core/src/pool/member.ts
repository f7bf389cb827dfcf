import type { OpenConnection } from "../connection/open-connection.ts";
import { sessionOf } from "../connection/open-connection.ts";
import type { Session } from "../connection/session.ts";
import type { Checkout, ConnectionTrace } from "../telemetry/pool-telemetry.ts";

/** What a slot of the pool holds: a connection that the factory opened, and who has it now. */
export class Member {
  readonly connection: OpenConnection;
  readonly session: Session;
  readonly trace: ConnectionTrace;
  /** The checkout that holds it; null between two of them. */
  checkout: Checkout | null = null;

  constructor(connection: OpenConnection, trace: ConnectionTrace) {
    this.connection = connection;
    this.session = sessionOf(connection);
    this.trace = trace;
  }

  get id(): string {
    return this.session.identity.id;
  }

  /** The server that holds the session, as the engine compares them. */
  get host(): string {
    return `${this.session.identity.host}:${this.session.identity.port}`;
  }
}
