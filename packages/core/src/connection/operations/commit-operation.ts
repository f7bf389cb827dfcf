import type { Buffer } from "node:buffer";
import type { SessionContext } from "../session-context.ts";
import { factsOf } from "../statements/statement-facts.ts";
import { endWatching } from "../watching.ts";
import type { MessageWriter } from "../wire/message-writer.ts";
import { readCommandTag } from "./command-tag.ts";
import { type Interruption, Operation } from "./operation.ts";
import { readTransactionId, writeTransactionIdQuery } from "./transaction-id.ts";

/** What became of a COMMIT. */
export type CommitAnswer =
  | { readonly kind: "committed" }
  /** The server rolled back: with an error, or without a word since the transaction had failed before. */
  | { readonly kind: "rolled back"; readonly error: unknown }
  /** Nothing was carried out, and the transaction is still there. */
  | { readonly kind: "open"; readonly error: unknown }
  /** The connection was lost between COMMIT and its answer, or the caller gave up and no answer came. */
  | { readonly kind: "unknown"; readonly error: unknown; readonly transactionId: string | null };

const cancelled = "57014";

/**
 * One COMMIT.
 *
 * An abort sends a cancel request, and the answer that counts is still the server's: it may have committed already. The id
 * of the transaction can be asked for in the same write; the server sends it before it begins to commit, so that it is
 * here when the connection dies in COMMIT. A caller that gave up is told that the outcome is unknown where the server does not
 * answer the cancel in time either.
 */
export class CommitOperation extends Operation {
  readonly #asksId: boolean;
  readonly #resolve: (answer: CommitAnswer) => void;
  #transactionId: string | null = null;
  #givenUp: Interruption | null = null;
  #loss: { readonly wasSent: boolean } | null = null;
  #isAnswered = false;
  #hasId = false;
  #endQuestion: ((wasAnswered: boolean) => void) | null = null;
  #command: string | null = null;

  constructor(context: SessionContext, asksId: boolean, resolve: (answer: CommitAnswer) => void) {
    super(context, false);
    this.#asksId = asksId;
    this.#resolve = resolve;
    this.observe({ kind: "query", text: "commit", isParameterised: false, isPrepared: false, batchSize: 1 });
  }

  override write(writer: MessageWriter): void {
    if (this.#asksId) {
      this.#endQuestion = writeTransactionIdQuery(writer, this.context);
      writer.flush();
    }
    writer.parse("", `commit${this.observation?.comment ?? ""}`);
    writer.bind("", "", []);
    writer.execute("", 0);
    writer.sync();
  }

  override row(buffer: Buffer, start: number): void {
    this.#transactionId = readTransactionId(buffer, start);
  }

  override completed(buffer: Buffer, start: number, end: number): void {
    if (this.#asksId && !this.#hasId) {
      this.#hasId = true;
      return;
    }
    const { command } = readCommandTag(buffer, start, end);
    this.#command = command;
    const [facts] = factsOf("commit").statements;
    if (facts !== undefined) {
      this.context.ledger.completed(facts, { command, rowCount: null, rows: [], hasWarned: false });
    }
  }

  /** The caller's reason counts only where the server confirms that nothing was committed. */
  override interrupt(interruption: Interruption): boolean {
    this.#givenUp ??= interruption;
    return false;
  }

  override ready(): void {
    this.#isAnswered = true;
    this.#endQuestion?.(this.#hasId);
    super.ready();
  }

  override lost(cause: Error, wasSent: boolean): void {
    this.#loss = { wasSent };
    super.lost(cause, wasSent);
  }

  protected override settle(failure: Interruption | null): void {
    const answer = this.#answer(failure);
    const error = answer.kind === "committed" ? null : answer.error;
    if (this.observation !== null) {
      endWatching(this.observation, {
        error,
        wasAborted: error !== null && error === this.#givenUp?.reason,
        rowCount: null,
        command: failure === null ? this.#command : null,
      });
    }
    this.#resolve(answer);
  }

  #answer(failure: Interruption | null): CommitAnswer {
    if (failure === null) {
      return this.#command === "ROLLBACK" ? { kind: "rolled back", error: null } : { kind: "committed" };
    }
    const error = isCancelled(failure.reason) ? (this.#givenUp ?? failure).reason : failure.reason;
    if (this.#loss?.wasSent === true || !this.hasEnded)
      return { kind: "unknown", error, transactionId: this.#transactionId };
    if (this.#loss !== null) return { kind: "rolled back", error };
    // Not sent, or refused at the question before it.
    if (!this.#isAnswered || this.context.channel.status !== "idle") return { kind: "open", error };
    return { kind: "rolled back", error };
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === cancelled;
}
