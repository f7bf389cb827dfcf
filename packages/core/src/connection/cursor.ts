import type { Field, Row } from "./query.ts";

/**
 * The rows of one statement, fetched in batches as they are asked for.
 *
 * Nothing is sent before the first read. Within a transaction other operations may run between two reads. Outside of one
 * the cursor holds the connection until it is closed, and other operations are refused meanwhile.
 */
export interface Cursor<R = Row> extends AsyncIterable<R>, AsyncDisposable {
  /** What is known of the columns; empty before the first read. */
  readonly fields: readonly Field[];
  /** True once every row was read, or the cursor was closed or failed. */
  readonly isClosed: boolean;
  /** Reads up to `count` rows; fewer only at the end, then none. */
  read(count: number): Promise<R[]>;
  /** Reads one row; null at the end. */
  fetchOne(): Promise<R | null>;
  /** Reads up to `count` rows. Default: `batchSize`. */
  fetchMany(count?: number): Promise<R[]>;
  /** Reads every row that is left, in batches. */
  fetchAll(): Promise<R[]>;
  /** Ends the cursor and gives the connection back to other operations; harmless when it has ended. */
  close(): Promise<void>;
}
