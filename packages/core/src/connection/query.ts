/** One row as an object, by column name. */
export type Row = Record<string, unknown>;

/** A value that can be a parameter: `pg` turns it into its text form. */
export type QueryValue = unknown;

/** What the server says of one result column. */
export interface Field {
  readonly name: string;
  readonly dataTypeId: number;
  readonly dataTypeSize: number;
  readonly dataTypeModifier: number;
  /** 0 where the column is not a column of a table. */
  readonly tableId: number;
  readonly columnId: number;
}

/** What one statement gave. */
export interface QueryResult<R = Row> {
  readonly rows: R[];
  /** Rows returned or affected; null where the command has no count. */
  readonly rowCount: number | null;
  readonly fields: readonly Field[];
  /** The command's tag without its counts, such as `SELECT` or `CREATE TABLE`. */
  readonly command: string;
}

/** What the server makes of a statement without running it. */
export interface StatementDescription {
  /** The type OID of each parameter, `$1` first, as the server inferred it. */
  readonly parameterTypeIds: readonly number[];
  /** The columns of its rows; empty where it gives none. */
  readonly fields: readonly Field[];
}

/** What every operation accepts. */
export interface OperationOptions {
  /** Cancels the operation on the server; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Cancels the operation after this many milliseconds with a `QueryTimeoutError`. `null` = no limit. Default: null. */
  timeoutMillis?: number | null | undefined;
}

/** Turns the text form of a value of one type into a JavaScript value. */
export type TypeParser = (text: string) => unknown;

/** Type parsers by type OID; what is absent is parsed as the driver does. */
export type TypeParsers = Readonly<Record<number, TypeParser>>;

/** Rows as objects by column name, or as arrays in column order. */
export type RowMode = "object" | "array";

/**
 * Makes the function that turns the values of one row, parsed and in column order, into the row that callers get.
 *
 * Called once for each shape of result that a connection meets.
 */
export type RowFactory = (fields: readonly Field[]) => (values: readonly unknown[]) => unknown;

/** What `query` and `cursor` accept. */
export interface QueryOptions extends OperationOptions {
  /** Objects by column name, or what the row factory of the connection makes, or arrays in column order. Default: `object`. */
  rowMode?: RowMode | undefined;
  /** Parsers for this query alone, before those of the connection. */
  types?: TypeParsers | undefined;
  /** Whether the statement may be kept prepared on the connection. Default: true, or false behind a transaction pooler. */
  prepare?: boolean | undefined;
}

/** What `cursor` accepts. */
export interface CursorOptions extends QueryOptions {
  /** How many rows iteration fetches at a time. Default: 100. */
  batchSize?: number | undefined;
}
