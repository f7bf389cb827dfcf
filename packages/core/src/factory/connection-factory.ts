import type { Duplex } from "node:stream";
import type { ConfigObject } from "../config/config-object.ts";
import type { TargetSessionAttrs } from "../config/connection-settings.ts";
import type { PoolerMode } from "../config/startup-parameters.ts";
import type { SslMode } from "../config/tls-settings.ts";
import type { Connection } from "../connection/connection.ts";
import type { ConnectionObserver } from "../connection/observer.ts";
import type { OpenConnection } from "../connection/open-connection.ts";
import type { RowFactory, TypeParsers } from "../connection/query.ts";
import type { ConnectAttempt } from "../errors.ts";

export type { TargetSessionAttrs } from "../config/connection-settings.ts";
export type { PoolerMode } from "../config/startup-parameters.ts";
export type { SslMode } from "../config/tls-settings.ts";

/** Opens and configures one connection at a time; usable alone, and what a pool takes. */
export interface ConnectionFactory {
  /** Where connections go, without secrets. */
  readonly target: ConnectionTarget;

  /**
   * Opens, authenticates and configures one connection, which belongs to the caller until its `close()`.
   *
   * @throws {ConnectError} no host could be used; `attempts` lists each address with its reason.
   * @throws {ConfigError} a file that the configuration names is missing or unfit, or `configure` left the session in a transaction.
   */
  connect(options?: ConnectOptions): Promise<OpenConnection>;
}

/**
 * What a pool needs of a factory: one of `createConnectionFactory`, decorated or not, or an object around its `connect`.
 *
 * Its connections must be those that such a factory opened. Hand the options of `connect` on whole where you can: a `signal` that is
 * not heard has the pool close a connection that comes too late, without an `observer` no span tells of `configure`.
 */
export interface ConnectionOpener {
  /** Where connections go. Without it a pool is called `pool` unless it has a name. */
  readonly target?: ConnectionTarget | undefined;
  connect(options?: ConnectOptions): Promise<OpenConnection>;
}

/** What one call of `connect` may choose. */
export interface ConnectOptions {
  /** Gives up at any stage and leaves no socket behind; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** The identity of the connection. Default: `<database>@<host>#<n>`. */
  id?: string | undefined;
  /** Sees every operation of the connection, those of `configure` included. Default: null. */
  observer?: ConnectionObserver | null | undefined;
  /** Told of each address that was tried and not used, as it happens. */
  onAttempt?: ((attempt: ConnectAttempt) => void) | undefined;
  /** Opens the byte stream in place of that of the factory. Default: that of the factory. */
  stream?: StreamOpener | undefined;
  /** Makes rows in place of what the factory was given. Default: that of the factory. */
  rowFactory?: RowFactory | undefined;
}

/** One host of a target. */
export interface TargetHost {
  /** A name, an address, or the directory of a Unix socket. */
  readonly host: string;
  readonly port: number;
}

/** Where connections of a factory go. Holds nothing secret. */
export interface ConnectionTarget {
  /** In the order in which they are tried, unless `load_balance_hosts` shuffles them. */
  readonly hosts: readonly TargetHost[];
  readonly database: string;
  readonly user: string;
  readonly sslmode: SslMode;
  readonly targetSessionAttrs: TargetSessionAttrs;
}

/** A password with the moment at which it stops being valid. */
export interface Credential {
  readonly password: string;
  /**
   * Until when it may be used again; a new one is fetched in the background shortly before. `null` = it is used for one
   * connect only. Default: null.
   */
  readonly expiresAt?: Date | number | null | undefined;
}

/**
 * Gives the password of a connect.
 *
 * Connects that ask while a call is under way share its answer. When the server refuses the password (28P01, 28000), it is called
 * once more and the connect is tried again.
 */
export type PasswordProvider = (
  target: ConnectionTarget,
) => string | Credential | Promise<string | Credential>;

/** A connection string of either form, or an object by libpq keyword whose password may be a provider. */
export type FactoryConfig =
  | string
  | (Omit<ConfigObject, "password"> & { readonly password?: string | PasswordProvider | undefined });

/** Opens a connected byte stream to one host, such as a channel of an SSH tunnel. */
export type StreamOpener = (
  host: TargetHost,
  options: { readonly signal: AbortSignal },
) => Duplex | Promise<Duplex>;

/** What `createConnectionFactory` accepts beyond the configuration itself. */
export interface ConnectionFactoryOptions {
  /** The password, or where to get it; goes before every other source. */
  password?: string | PasswordProvider | undefined;
  /** Runs before each connect; a rejection fails the connect with the same error. */
  beforeConnect?: ((target: ConnectionTarget) => void | Promise<void>) | undefined;
  /**
   * Runs once on each new connection, and must leave it idle; a rejection closes the connection and fails the connect with
   * the same error. It runs again after a reset that dropped the settings of the session.
   */
  configure?: ((connection: Connection) => void | Promise<void>) | undefined;
  /** Parsers by type OID for every connection of this factory. */
  types?: TypeParsers | undefined;
  /**
   * Makes the rows of queries, scripts, pipelines and cursors, where objects by column name will not do; `rowMode: "array"` still
   * gives arrays. Default: null.
   */
  rowFactory?: RowFactory | null | undefined;
  /** `transaction` behind PgBouncer or its like in transaction mode. Default: `none`. */
  pooler?: PoolerMode | undefined;
  /** How many prepared statements a connection keeps; 0 = none. Default: 256. */
  statementCacheSize?: number | undefined;
  /**
   * Opens the byte stream to a host, where a plain TCP or Unix socket will not do; TLS is laid over it as `sslmode` says.
   * Names are not looked up then.
   */
  stream?: StreamOpener | undefined;
  /**
   * Whether connections to other machines must be encrypted: `sslmode` `allow` and `prefer` then never fall back to plain
   * text, and `disable` is refused. Default: false, as libpq.
   */
  requireTls?: boolean | undefined;
  /** The environment that `PG*` variables are read from. Default: `process.env`. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Where `.pgpass`, `.pg_service.conf` and `.postgresql/` lie. Default: `HOME`, else the home directory of the user. */
  homeDirectory?: string | undefined;
  /** The keywords that the configuration may set; others are refused. `null` = all. Default: null. */
  allowedKeys?: readonly string[] | null | undefined;
  /** Milliseconds of the epoch, for what is remembered of hosts and passwords. Default: `Date.now`. */
  now?: (() => number) | undefined;
  /** Chooses for `load_balance_hosts=random`; `next` gives a number in [0, 1). Default: `Math.random`. */
  random?: { next(): number } | undefined;
}
