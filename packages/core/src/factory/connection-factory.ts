import type { Duplex } from "node:stream";
import type { Connection } from "../connection/connection.ts";
import type { ConnectionObserver } from "../connection/observer.ts";
import type { OpenConnection } from "../connection/open-connection.ts";
import type { TypeParsers } from "../connection/query.ts";
import type { ConnectAttempt } from "../errors.ts";

/** Opens and configures one connection at a time; usable alone, and what a pool takes. */
export interface ConnectionFactory {
  /** Where connections go, without secrets. */
  readonly target: ConnectionTarget;

  /**
   * Opens, authenticates and configures one connection, which belongs to the caller until its `close()`.
   *
   * @throws {ConnectError} no host could be used; `attempts` lists each address with its reason.
   */
  connect(options?: ConnectOptions): Promise<OpenConnection>;
}

/** What one call of `connect` may choose. */
export interface ConnectOptions {
  /** Gives up at any stage and leaves no socket behind; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** The identity of the connection. Default: `<database>@<host>#<n>`. */
  id?: string;
  /** Sees every operation of the connection, those of `configure` included. Default: null. */
  observer?: ConnectionObserver | null;
  /** Told of each address that was tried and not used, as it happens. */
  onAttempt?: (attempt: ConnectAttempt) => void;
}

/** One host of a target. */
export interface TargetHost {
  /** A name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
}

/** Which server of several may be used. */
export type TargetSessionAttrs =
  | "any"
  | "read-write"
  | "read-only"
  | "primary"
  | "standby"
  | "prefer-standby";

/** How much TLS protects a connection; the meaning of each is that of libpq. */
export type SslMode = "disable" | "allow" | "prefer" | "require" | "verify-ca" | "verify-full";

/** Where connections of a factory go. Holds nothing secret. */
export interface ConnectionTarget {
  /** In the order in which they are tried, unless `load_balance_hosts` shuffles them. */
  readonly hosts: readonly TargetHost[];
  readonly database: string;
  readonly user: string;
  readonly sslmode: SslMode;
  readonly targetSessionAttrs: TargetSessionAttrs;
}

/** A password with the moment at which it stops to be valid. */
export interface Credential {
  readonly password: string;
  /** When a new one must be fetched. `null` = it does not expire. Default: null. */
  readonly expiresAt?: Date | number | null;
}

/** Gives the password of one connect; called again when the last answer expires or the server refuses it. */
export type PasswordProvider = (
  target: ConnectionTarget,
) => string | Credential | Promise<string | Credential>;

/** What stands between this process and the server. */
export type PoolerMode = "none" | "transaction";

/** What `createConnectionFactory` accepts beyond the configuration itself. */
export interface ConnectionFactoryOptions {
  /** The password, or where to get it; goes before every other source. */
  password?: string | PasswordProvider;
  /** Runs before each connect; a rejection fails the connect. */
  beforeConnect?: (target: ConnectionTarget) => void | Promise<void>;
  /** Runs once on each new connection, and must leave it idle. */
  configure?: (connection: Connection) => void | Promise<void>;
  /** Parsers by type OID for every connection of this factory. */
  types?: TypeParsers;
  /** `transaction` behind PgBouncer or its like in transaction mode. Default: `none`. */
  pooler?: PoolerMode;
  /** How many prepared statements a connection keeps. Default: 256. */
  statementCacheSize?: number;
  /** Opens the byte stream to a host, where a plain TCP or Unix socket will not do; TLS is laid over it as `sslmode` says. */
  stream?: StreamOpener;
  /** The environment that `PG*` variables are read from. Default: `process.env`. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Where `.pgpass`, `.pg_service.conf` and `.postgresql/` lie. Default: the home directory of the user. */
  homeDirectory?: string;
  /** The keywords that the configuration may set; others are refused. `null` = all. Default: null. */
  allowedKeys?: readonly string[] | null;
}

/** Opens a connected byte stream to one host, such as a channel of an SSH tunnel. */
export type StreamOpener = (host: TargetHost, options: { signal: AbortSignal }) => Duplex | Promise<Duplex>;
