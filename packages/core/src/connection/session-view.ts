import type { CopyOutput, CopyResult, CopySource } from "./copy.ts";
import type { Cursor } from "./cursor.ts";
import type { Notice } from "./notice.ts";
import type { Pipeline } from "./pipeline.ts";
import type {
  CursorOptions,
  OperationOptions,
  QueryOptions,
  QueryResult,
  QueryValue,
  Row,
  StatementDescription,
} from "./query.ts";
import type { Session } from "./session.ts";
import type { SessionTrait, TransactionStatus } from "./session-state.ts";

/** The operations of a session, for whoever may use it for a while: the holder of a connection, a transaction. */
export abstract class SessionView {
  /** The session, while the holder may use it; throws afterwards. */
  protected abstract session(): Session;

  abstract get id(): string;
  abstract get backendPid(): number | null;

  get transactionStatus(): TransactionStatus {
    return this.session().transactionStatus;
  }

  get traits(): ReadonlySet<SessionTrait> {
    return this.session().traits;
  }

  query<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>> {
    // Not an async function: each would cost every query three turns of the microtask queue.
    try {
      return this.session().query<R>(text, values, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async script(text: string, options?: OperationOptions): Promise<QueryResult[]> {
    return this.session().script(text, options);
  }

  async describe(text: string, options?: OperationOptions): Promise<StatementDescription> {
    return this.session().describe(text, options);
  }

  cursor<R = Row>(text: string, values?: readonly QueryValue[], options?: CursorOptions): Cursor<R> {
    return this.session().cursor<R>(text, values, options);
  }

  async copyFrom(text: string, source: CopySource, options?: OperationOptions): Promise<CopyResult> {
    return this.session().copyFrom(text, source, options);
  }

  copyTo(text: string, options?: OperationOptions): CopyOutput {
    return this.session().copyTo(text, options);
  }

  pipeline(): Pipeline {
    return this.session().pipeline();
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    return this.session().onNotice(listener);
  }
}
