import type { Field, Lease, TypeParsers } from "@rockpool/core";
import type {
  Column,
  DatabaseLease,
  ExecuteOptions,
  Execution,
  Notice,
  ParameterType,
  SessionTrait,
  TransactionStatus,
} from "../model/database.ts";
import { isLoss } from "../model/failure.ts";
import { isCopyToStdout } from "../model/sql/copy-to-stdout.ts";
import { canBeRead, verbOf } from "../model/sql/verb.ts";
import { CopyReader } from "./copy-reader.ts";
import type { LaneTracer } from "./lane-tracer.ts";
import { asCells, PageReader, type ValueRow } from "./page-reader.ts";
import { isNumericType, typeName } from "./type-names.ts";

const BOOLEAN = "16";

const TYPE_NAMES =
  "select format_type(id, null) as name from unnest($1::oid[]) with ordinality as t (id, n) order by n";

/** The first server that checks a value without raising an error. */
const SOFT_ERRORS_VERSION = 16;
/** The OIDs below are the server's own. */
const FIRST_OWN_TYPE = 16_384;

/** Calls that change the session for each row: by pages, only the rows of the first page would change it. */
const TOUCHES_SESSION = /\b(?:pg_(?:try_)?advisory_|set_config\b)/i;

const asText = (text: string): string => text;

/** Every value stays in the server's text form but booleans, by which the session tells whether a lock was got. */
const TEXT_TYPES: TypeParsers = new Proxy<Record<number, typeof asText>>(
  {},
  { get: (_, key) => (key === BOOLEAN ? undefined : asText) },
);

/** What a lease must know of the server and the pool that it is of. */
export interface LeaseServer {
  /** Names of the database's own types by OID. */
  readonly catalog: ReadonlyMap<number, string>;
  readonly majorVersion: number;
  /** Calls back if the connection is lost, until the returned function is called. */
  readonly watchLoss: (connectionId: string, listener: (error: unknown) => void) => () => void;
  readonly tracer: LaneTracer;
}

/** An editor's hold on one connection of a Rockpool pool. */
export class PoolLease implements DatabaseLease {
  readonly #lease: Lease;
  readonly #server: LeaseServer;
  #forgetNotices: (() => void) | null = null;
  #forgetLoss: (() => void) | null = null;
  #isLost = false;

  constructor(lease: Lease, server: LeaseServer) {
    this.#lease = lease;
    this.#server = server;
  }

  get connectionId(): string {
    return this.#lease.id;
  }

  get backendPid(): number | null {
    return this.#lease.backendPid;
  }

  get transactionStatus(): TransactionStatus {
    return this.#isGone ? "idle" : this.#lease.transactionStatus;
  }

  get traits(): ReadonlySet<SessionTrait> {
    return this.#isGone ? new Set() : this.#lease.traits;
  }

  onNotice(listener: ((notice: Notice) => void) | null): void {
    this.#forgetNotices?.();
    this.#forgetNotices = null;
    if (listener !== null && !this.#lease.isReleased) this.#forgetNotices = this.#lease.onNotice(listener);
  }

  onLost(listener: (error: unknown) => void): void {
    this.#forgetLoss?.();
    this.#forgetLoss = this.#server.watchLoss(this.connectionId, (error) => {
      this.#isLost = true;
      listener(error);
    });
  }

  async describe(text: string, signal: AbortSignal): Promise<readonly ParameterType[]> {
    const { parameterTypeIds } = await this.#lease.describe(text, { signal });
    if (parameterTypeIds.length === 0) return [];
    const { rows } = await this.#lease.query<{ name: string }>(
      TYPE_NAMES,
      [`{${parameterTypeIds.join(",")}}`],
      {
        signal,
        prepare: false,
      },
    );
    return parameterTypeIds.map((id, index) => ({ id, name: rows[index]?.name ?? `oid ${id}` }));
  }

  async refusal(value: string, type: ParameterType, signal: AbortSignal): Promise<string | null> {
    // A type of an extension's may throw where one of the server's own answers, which would end an open transaction.
    if (this.#server.majorVersion < SOFT_ERRORS_VERSION || type.id >= FIRST_OWN_TYPE) return null;
    const { rows } = await this.#lease.query<{ message: string | null }>(
      "select message from pg_input_error_info($1, $2)",
      [value, type.name],
      { signal, prepare: false },
    );
    return rows[0]?.message ?? null;
  }

  async execute(text: string, options: ExecuteOptions): Promise<Execution> {
    try {
      return await this.#server.tracer.callFor(options.caller ?? null, () => this.#execute(text, options));
    } catch (error) {
      this.#isLost ||= isLoss(error);
      throw error;
    }
  }

  /** A session that is gone carries nothing, so there is no reason to keep its connection. */
  get #isGone(): boolean {
    return this.#isLost || this.#lease.isReleased;
  }

  async #execute(text: string, options: ExecuteOptions): Promise<Execution> {
    if (options.copyData !== null) return this.#copyIn(text, options.copyData, options.signal);
    if (isCopyToStdout(text)) return this.#copyOut(text, options);
    const isRead = canBeRead(text) && !TOUCHES_SESSION.test(text);
    return isRead ? this.#read(text, options) : this.#query(text, options);
  }

  async release(): Promise<void> {
    this.onNotice(null);
    this.#forgetLoss?.();
    this.#lease.release();
  }

  /** The first row alone tells when the server began to answer; the rest of the page tells how long fetching took. */
  async #read(text: string, { signal, pageSize, values = [] }: ExecuteOptions): Promise<Execution> {
    const startedAt = performance.now();
    const cancelling = new AbortController();
    const options = {
      signal: AbortSignal.any([signal, cancelling.signal]),
      rowMode: "array",
      types: TEXT_TYPES,
      prepare: false,
    } as const;
    const cursor = this.#lease.cursor<ValueRow>(text, values, options);
    const reader = new PageReader(cursor, cancelling);
    await reader.start();
    const answeredAt = performance.now();
    const columns = this.#columns(cursor.fields);
    const { rows, isLast } = await reader.read(pageSize);
    if (isLast) await cursor.close();
    return {
      columns,
      rows,
      command: verbOf(text) === "WITH" ? "SELECT" : verbOf(text),
      rowCount: isLast ? rows.length : null,
      reader: isLast ? null : reader,
      hasMore: !isLast,
      serverMillis: answeredAt - startedAt,
      fetchMillis: performance.now() - answeredAt,
    };
  }

  async #query(text: string, { signal, values = [] }: ExecuteOptions): Promise<Execution> {
    const startedAt = performance.now();
    const options = { signal, rowMode: "array", types: TEXT_TYPES, prepare: false } as const;
    const result = await this.#lease.query<ValueRow>(text, values, options);
    const { rowCount, command, fields } = result;
    const rows = result.rows.map(asCells);
    return completed({ columns: this.#columns(fields), rows, rowCount, command }, startedAt);
  }

  async #copyIn(text: string, data: string, signal: AbortSignal): Promise<Execution> {
    const startedAt = performance.now();
    const { rowCount } = await this.#lease.copyFrom(text, [data], { signal });
    return completed({ columns: [], rows: [], rowCount, command: "COPY" }, startedAt);
  }

  /**
   * The output of a COPY as one column, by pages.
   *
   * In a transaction it is read to its end: what is left of a COPY can only be cancelled, which would fail the transaction.
   */
  async #copyOut(text: string, { signal, pageSize }: ExecuteOptions): Promise<Execution> {
    const startedAt = performance.now();
    const cancelling = new AbortController();
    const isAlone = this.#lease.transactionStatus === "idle";
    const output = this.#lease.copyTo(text, { signal: AbortSignal.any([signal, cancelling.signal]) });
    const reader = new CopyReader(output, cancelling);
    await reader.start();
    const answeredAt = performance.now();
    const { rows, isLast } = await (isAlone ? reader.read(pageSize) : reader.readAll());
    const typeName = reader.format === "text" ? "text" : "bytea";
    return {
      columns: [{ name: "COPY", typeName, isNumeric: false, tableId: 0 }],
      rows,
      command: "COPY",
      rowCount: isLast ? output.rowCount : null,
      reader: isLast ? null : reader,
      hasMore: !isLast,
      serverMillis: answeredAt - startedAt,
      fetchMillis: performance.now() - answeredAt,
    };
  }

  #columns(fields: readonly Field[]): Column[] {
    return fields.map((field) => ({
      name: field.name,
      typeName: typeName(field, this.#server.catalog),
      isNumeric: isNumericType(field.dataTypeId),
      tableId: field.tableId,
    }));
  }
}

function completed(
  result: Pick<Execution, "columns" | "rows" | "rowCount" | "command">,
  startedAt: number,
): Execution {
  const serverMillis = performance.now() - startedAt;
  return { ...result, reader: null, hasMore: false, serverMillis, fetchMillis: 0 };
}
