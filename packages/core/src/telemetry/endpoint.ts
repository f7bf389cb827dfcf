import type { Attributes } from "@opentelemetry/api";
import {
  DB_NAMESPACE,
  DB_SYSTEM_NAME,
  DEFAULT_PORT,
  SERVER_ADDRESS,
  SERVER_PORT,
  SYSTEM_POSTGRESQL,
} from "./semconv.ts";
import { StatementBook, type StatementSettings } from "./statement-book.ts";

/** A database on a server, either of them empty where it is not known yet, with the attributes that every span and metric of its connections shares. */
export class Endpoint {
  readonly database: string;
  readonly address: string;
  /** The port where it must be told; null for the default one and for a Unix socket, whose address is its directory. */
  readonly port: number | null;
  readonly attributes: Attributes;
  readonly statements: StatementBook;

  constructor(where: { host: string; port: number; database: string }, settings: StatementSettings) {
    this.database = where.database;
    this.address = where.host;
    this.port = where.port === DEFAULT_PORT || where.host.startsWith("/") ? null : where.port;
    this.attributes = {
      [DB_SYSTEM_NAME]: SYSTEM_POSTGRESQL,
      ...(where.database === "" ? {} : { [DB_NAMESPACE]: where.database }),
      ...(where.host === "" ? {} : { [SERVER_ADDRESS]: where.host }),
      ...(this.port === null ? {} : { [SERVER_PORT]: this.port }),
    };
    this.statements = new StatementBook(settings, { namespace: where.database, attributes: this.attributes });
  }
}
