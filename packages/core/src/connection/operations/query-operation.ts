import type { Buffer } from "node:buffer";
import { ConfigError } from "../../errors.ts";
import type { QueryResult } from "../query.ts";
import type { QueryRequest } from "../query-request.ts";
import { isServerError, type ServerError } from "../server-error.ts";
import type { SessionContext } from "../session-context.ts";
import type { Statement } from "../statements/statement-cache.ts";
import type { MessageWriter } from "../wire/message-writer.ts";
import type { Interruption } from "./operation.ts";
import { RowOperation } from "./row-operation.ts";

const stalePlan = "0A000";
const unknownStatement = "26000";

/**
 * One run of one statement through the extended protocol, in one write.
 *
 * A statement that is kept prepared is parsed and described by its first run; the following ones are a Bind and an
 * Execute. Where the server has lost the statement, or its plan has become wrong, the run is repeated once: the server
 * found that out before it carried anything out.
 */
export class QueryOperation<R> extends RowOperation<R> {
  readonly #request: QueryRequest;
  readonly #resolve: (result: QueryResult<R>) => void;
  readonly #reject: (error: unknown) => void;
  #statement: Statement | null;
  #hasRepeated = false;
  #mustRepeat = false;
  #warningsBefore = 0;

  constructor(
    context: SessionContext,
    request: QueryRequest,
    outcome: { resolve: (result: QueryResult<R>) => void; reject: (error: unknown) => void },
  ) {
    super(context, request.isShared, request.options);
    this.#request = request;
    this.#resolve = outcome.resolve;
    this.#reject = outcome.reject;
    this.#statement = null;
    if (context.isObserved) this.#observe();
  }

  override write(writer: MessageWriter): void {
    const { text, values, isPrepared } = this.#request;
    this.#warningsBefore = this.context.warnings;
    if (!isPrepared) {
      writer.parse("", text + (this.observation?.comment ?? ""));
      writer.bind("", "", values);
      writer.describe("P", "");
    } else {
      const statement = this.context.statements.find(text);
      this.#statement = statement;
      statement.runs += 1;
      this.shape = statement.shape;
      if (!statement.isSent) this.#prepare(statement, writer);
      writer.bind("", statement.name, values);
    }
    writer.execute("", 0);
    this.conclude(writer);
  }

  override parsed(): void {
    if (this.#statement !== null) this.#statement.isParsed = true;
  }

  override described(buffer: Buffer, start: number, end: number): void {
    super.described(buffer, start, end);
    if (this.#statement !== null) this.#statement.shape = this.shape;
  }

  override row(buffer: Buffer, start: number): void {
    // Another run may have described the statement after this one was sent.
    if (this.shape === null && this.#statement !== null) this.shape = this.#statement.shape;
    super.row(buffer, start);
  }

  override completed(buffer: Buffer, start: number, end: number): void {
    super.completed(buffer, start, end);
    if (this.#request.facts.touchesSession) this.#book();
  }

  override copyIn(): void {
    this.refuseCopy(true);
  }

  override failed(error: ServerError): void {
    super.failed(error);
    const statement = this.#statement;
    if (statement === null) {
      if (error.code === "42601" && this.#request.facts.statements.length > 1) {
        error.hint ??= "Several statements in one text run through script().";
      }
      return;
    }
    const isStale = error.code === stalePlan && error.routine === "RevalidateCachedQuery";
    // What the server remembers of a statement can be of a type that was dropped since: it then stumbles over itself each time.
    const isConfused = error.code?.startsWith("XX") === true;
    if (isStale || isConfused || error.code === unknownStatement || !statement.isParsed) {
      this.context.statements.remove(statement);
      this.#mustRepeat = isStale || error.code === unknownStatement;
    }
  }

  override ready(): void {
    const statement = this.#statement;
    const { channel } = this.context;
    if (statement !== null) statement.runs -= 1;
    if (this.shape === null && statement !== null) this.shape = statement.shape;
    if (!this.#mustRepeat || this.interruption !== null || this.hasSettled) {
      super.ready();
    } else if (this.#hasRepeated || channel.status !== "idle") {
      this.failure = this.#explained(this.failure);
      super.ready();
    } else {
      this.#mustRepeat = false;
      this.#hasRepeated = true;
      this.failure = null;
      this.rows = [];
      channel.repeat(this);
    }
  }

  /** Ends the exchange, behind the Execute. */
  protected conclude(writer: MessageWriter): void {
    writer.sync();
  }

  protected override settle(failure: Interruption | null): void {
    const { command, rowCount } = this;
    this.observed(failure, { rowCount, command });
    if (failure !== null) this.#reject(failure.reason);
    else this.#resolve({ rows: this.rows, rowCount, fields: this.fields, command });
  }

  #prepare(statement: Statement, writer: MessageWriter): void {
    for (const name of this.context.statements.takeClosing()) writer.close("S", name);
    writer.parse(statement.name, statement.text);
    writer.describe("S", statement.name);
    statement.isSent = true;
  }

  #observe(): void {
    const { text, values, isPrepared } = this.#request;
    const isParameterised = values.length > 0;
    this.observe({ kind: "query", text, isParameterised, isPrepared, batchSize: 1 });
  }

  #book(): void {
    const { ledger, statements, warnings } = this.context;
    const [facts] = this.#request.facts.statements;
    if (facts === undefined) return;
    const { command, rowCount, rows } = this;
    ledger.completed(facts, { command, rowCount, rows, hasWarned: warnings > this.#warningsBefore });
    if (facts.effects.some(({ kind }) => kind === "forget_statements")) statements.clear();
  }

  /** Only a pooler, or a DEALLOCATE that was not seen, makes a statement of ours vanish. */
  #explained(failure: Interruption | null): Interruption | null {
    const error = failure?.reason;
    if (!isServerError(error) || error.code !== unknownStatement) return failure;
    return {
      reason: new ConfigError(
        `connection ${this.context.identity.id} has lost a prepared statement; ` +
          "behind a transaction pooler set pooler: 'transaction'",
        { cause: error },
      ),
    };
  }
}
