import type { Buffer } from "node:buffer";
import type { QueryResult } from "../query.ts";
import type { QueryRequest } from "../query-request.ts";
import type { SessionContext } from "../session-context.ts";
import type { MessageWriter } from "../wire/message-writer.ts";
import { QueryOperation } from "./query-operation.ts";
import { readTransactionId, writeTransactionIdQuery } from "./transaction-id.ts";

/** One statement, and behind it in the same round trip the question which id its transaction has by then. */
export class IdentifyingOperation<R> extends QueryOperation<R> {
  readonly #onTransactionId: (id: string | null) => void;
  #isStatementDone = false;
  #wasAnswered = false;
  #endQuestion: ((wasAnswered: boolean) => void) | null = null;

  constructor(
    context: SessionContext,
    request: QueryRequest,
    outcome: {
      resolve: (result: QueryResult<R>) => void;
      reject: (error: unknown) => void;
      onTransactionId: (id: string | null) => void;
    },
  ) {
    super(context, request, outcome);
    this.#onTransactionId = outcome.onTransactionId;
  }

  override parsed(): void {
    if (!this.#isStatementDone) super.parsed();
  }

  override row(buffer: Buffer, start: number): void {
    if (!this.#isStatementDone) {
      super.row(buffer, start);
      return;
    }
    this.#wasAnswered = true;
    this.#onTransactionId(readTransactionId(buffer, start));
  }

  override completed(buffer: Buffer, start: number, end: number): void {
    if (this.#isStatementDone) return;
    this.#isStatementDone = true;
    super.completed(buffer, start, end);
  }

  override ready(): void {
    this.#endQuestion?.(this.#wasAnswered);
    this.#endQuestion = null;
    super.ready();
  }

  protected override conclude(writer: MessageWriter): void {
    this.#isStatementDone = false;
    this.#endQuestion = writeTransactionIdQuery(writer, this.context);
    super.conclude(writer);
  }
}
