import type { QueryOptions, QueryResult, QueryValue, Row } from "./query.ts";

/**
 * Statements that are sent without waiting for the answers before them.
 *
 * Each statement settles alone: outside a transaction, the failure of one does not touch the others. The abort of a
 * statement that was sent rejects its promise and leaves the server alone, because a cancel could hit a neighbour.
 */
export interface Pipeline extends AsyncDisposable {
  /** Sends one statement, behind those before it. */
  query<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>>;
  /** Resolves when every statement so far has settled, whatever became of it. */
  settled(): Promise<void>;
}
