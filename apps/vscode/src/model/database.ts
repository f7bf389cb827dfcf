import type { SdkSpan } from "@rockpool/otel/timeline";
import type { Cell } from "../../shared/protocol/results.ts";

/** Milliseconds that only go forward, and timers; injected, so that nothing here waits on the wall clock in a test. */
export interface Clock {
  now(): number;
  /** Calls back once; the returned function stops it. */
  after(delayMillis: number, callback: () => void): () => void;
}

/** Why a session is not clean, in the pool's words. */
export type SessionTrait =
  | "settings"
  | "listen"
  | "temporary_table"
  | "held_cursor"
  | "advisory_lock"
  | "prepared_statement"
  | "role"
  | "unknown";

export type TransactionStatus = "idle" | "transaction" | "failed";

export interface Column {
  readonly name: string;
  readonly typeName: string;
  readonly isNumeric: boolean;
  /** The OID of the table that it is a column of; 0 where it is computed. */
  readonly tableId: number;
}

export interface Notice {
  readonly severity: string;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
}

/** Rows that were read together; fewer than asked for where they are large, or at the end. */
export interface RowPage {
  readonly rows: readonly (readonly Cell[])[];
  readonly isLast: boolean;
}

/** The rows that a cursor still holds. */
export interface RowReader {
  read(count: number): Promise<RowPage>;
  /** Makes the server stop at once: a read that is under way fails, and no more rows can be read. */
  cancel(): void;
  close(): Promise<void>;
}

/** What a statement gave so far. */
export interface Execution {
  /** Empty where the statement returns no rows. */
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly command: string;
  /** Rows returned or affected; null where unknown, as while a reader is open. */
  readonly rowCount: number | null;
  /** What reads the rows that are not there yet; null where none are left or none can be read. */
  readonly reader: RowReader | null;
  readonly hasMore: boolean;
  readonly serverMillis: number;
  readonly fetchMillis: number;
}

/** For whom a connection is used: a document and the 1-based line of the statement. */
export interface Caller {
  readonly path: string;
  readonly line: number;
}

/** Told of every span of a pool. */
export interface SpanSink {
  onStart(span: SdkSpan): void;
  onEnd(span: SdkSpan): void;
}

export interface ExecuteOptions {
  readonly signal: AbortSignal;
  readonly pageSize: number;
  /** The data lines of a COPY FROM STDIN. */
  readonly copyData: string | null;
  readonly caller?: Caller;
  /** For `$1`, `$2` …, each in the text form of its type. Default: none. */
  readonly values?: readonly Cell[];
}

/** What the server takes for a parameter. */
export interface ParameterType {
  readonly id: number;
  /** As the server writes it, such as `timestamp with time zone`. */
  readonly name: string;
}

/** A connection that an editor holds. */
export interface DatabaseLease {
  /** `<pool>#<n>`. */
  readonly connectionId: string;
  readonly backendPid: number | null;
  readonly transactionStatus: TransactionStatus;
  readonly traits: ReadonlySet<SessionTrait>;
  execute(text: string, options: ExecuteOptions): Promise<Execution>;
  /** The types of a statement's parameters, as the server inferred them; the statement is not run. */
  describe(text: string, signal: AbortSignal): Promise<readonly ParameterType[]>;
  /** Why the server would refuse a value of a type; null where it takes it, or can only tell by running the statement. */
  refusal(value: string, type: ParameterType, signal: AbortSignal): Promise<string | null>;
  /** Calls back once if the connection is lost before it is given back. */
  onLost(listener: (error: unknown) => void): void;
  /** Replaces the listener of the server's notices; null for none. */
  onNotice(listener: ((notice: Notice) => void) | null): void;
  release(): Promise<void>;
}

export interface PoolNumbers {
  readonly max: number;
  readonly total: number;
  readonly idle: number;
  readonly acquired: number;
  readonly connecting: number;
  readonly waiting: number;
}

/** One connection of a pool, as the pool sees it. */
export interface PoolSlot {
  /** `<pool>#<n>`. */
  readonly connectionId: string;
  readonly backendPid: number | null;
  readonly state: "connecting" | "idle" | "validating" | "acquired" | "resetting" | "closing";
  /** How long it has been in that state. */
  readonly stateMillis: number;
}

/** One process of the server that serves a client, as `pg_stat_activity` shows it; null is what this user may not see. */
export interface ServerBackend {
  readonly pid: number;
  readonly database: string | null;
  readonly user: string | null;
  readonly applicationName: string | null;
  /** Such as `idle in transaction`. */
  readonly state: string | null;
  readonly stateMillis: number | null;
  /** `<type>:<event>`; null where it waits for nothing. */
  readonly waitEvent: string | null;
  /** Since its last statement began. */
  readonly queryMillis: number | null;
}

/** Where a server listens. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
}

/** How long a connection took to answer. */
export interface PingTimes {
  readonly waitMillis: number;
  readonly serverMillis: number;
}

/** What the first connection told about the server. */
export interface ServerFacts {
  readonly version: string;
  /** True where it replays another server, so that nothing can be written. */
  readonly isStandby: boolean;
  /** How long the answer to a small question took. */
  readonly latencyMillis: number;
  /** Such as `TLSv1.3`; null where the connection is not encrypted, or the server does not say. */
  readonly encryption: string | null;
}

/** One profile's open pool. */
export interface Database {
  readonly name: string;
  /** `user@host:port/database`, without secrets. */
  readonly target: string;
  readonly facts: ServerFacts;
  acquire(signal: AbortSignal, caller?: Caller): Promise<DatabaseLease>;
  /** Which functions of these names may write, as the server has them declared; takes a few seconds at most. */
  writingFunctions(names: readonly string[], signal: AbortSignal): Promise<readonly string[]>;
  /** A table's name by its OID as SQL writes it; null where there is none. */
  tableName(oid: number, signal: AbortSignal): Promise<string | null>;
  numbers(): PoolNumbers;
  slots(): readonly PoolSlot[];
  /** The servers that it may connect to. */
  readonly servers: readonly ServerAddress[];
  /** What the server says of some of its processes; asked on a connection beside the pool, which closes soon after the last question. */
  backends(pids: readonly number[]): Promise<readonly ServerBackend[]>;
  /** Ends what a process of the server does, or the process; false where there is none of that number. */
  endBackend(pid: number, how: "cancel" | "terminate"): Promise<boolean>;
  resize(max: number): void;
  /** Replaces every connection; those in use go when they come back. Resolves when the idle ones are closed. */
  evictAll(): Promise<void>;
  /** Closes what lies idle. */
  evictIdle(): void;
  /** Takes a connection, asks it something small, and gives it back. */
  ping(signal: AbortSignal): Promise<PingTimes>;
  /** Calls back after each event of the pool until the returned function is called. */
  onDidChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Where a database is and how to get in; its code arrives with the first connection. */
export interface ConnectRequest {
  readonly name: string;
  readonly connection: string;
  readonly password: string | null;
  readonly max: number;
  readonly idleTimeoutMillis: number;
  readonly acquireTimeoutMillis: number;
  readonly isReadOnly: boolean;
  /** True where the workspace supplied the connection string, so that it may not read files or run anything. */
  readonly isUntrusted: boolean;
  readonly signal: AbortSignal;
}

/** What opens a database. */
export interface OpenDatabaseRequest extends ConnectRequest {
  readonly spans: SpanSink;
}

/** Where one connection setting came from. */
export interface ExplainedSetting {
  readonly keyword: string;
  readonly value: string;
  readonly source: string;
}
