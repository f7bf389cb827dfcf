import type { Buffer } from "node:buffer";
import type { QueryOptions, QueryResult } from "../query.ts";
import type { SessionContext } from "../session-context.ts";
import { factsOf, type TextFacts } from "../statements/statement-facts.ts";
import type { MessageWriter } from "../wire/message-writer.ts";
import type { Interruption } from "./operation.ts";
import { RowOperation } from "./row-operation.ts";

/** Several statements in one text, through the simple protocol. */
export class ScriptOperation<R> extends RowOperation<R> {
  readonly #text: string;
  readonly #facts: TextFacts;
  readonly #resolve: (results: QueryResult<R>[]) => void;
  readonly #reject: (error: unknown) => void;
  readonly #results: QueryResult<R>[] = [];
  #warningsBefore = 0;

  constructor(
    context: SessionContext,
    request: { text: string; options: QueryOptions | undefined; isObserved: boolean },
    outcome: { resolve: (results: QueryResult<R>[]) => void; reject: (error: unknown) => void },
  ) {
    super(context, false, request.options);
    const { text } = request;
    this.#text = text;
    this.#facts = factsOf(text);
    this.#resolve = outcome.resolve;
    this.#reject = outcome.reject;
    if (context.observer === null || !request.isObserved) return;
    const batchSize = Math.max(1, this.#facts.statements.length);
    this.observe({ kind: "script", text, isParameterised: false, isPrepared: false, batchSize });
  }

  override write(writer: MessageWriter): void {
    this.#warningsBefore = this.context.warnings;
    writer.query(this.#text + (this.observation?.comment ?? ""));
  }

  override completed(buffer: Buffer, start: number, end: number): void {
    super.completed(buffer, start, end);
    const { rows, rowCount, fields, command } = this;
    this.#book();
    this.#results.push({ rows, rowCount, fields, command });
    this.rows = [];
    this.shape = null;
  }

  override empty(): void {
    this.#results.push({ rows: [], rowCount: null, fields: [], command: "" });
  }

  override copyIn(): void {
    this.refuseCopy(false);
  }

  protected override settle(failure: Interruption | null): void {
    const last = this.#results.at(-1);
    this.observed(failure, { rowCount: last?.rowCount ?? null, command: last?.command ?? null });
    if (failure === null) this.#resolve(this.#results);
    else this.#reject(failure.reason);
  }

  /** The server completes statements in the order of the text. */
  #book(): void {
    const facts = this.#facts.statements[this.#results.length];
    if (facts === undefined || !this.#facts.touchesSession) return;
    const { command, rowCount, rows } = this;
    const { ledger, statements, warnings } = this.context;
    ledger.completed(facts, { command, rowCount, rows, hasWarned: warnings > this.#warningsBefore });
    if (facts.effects.some(({ kind }) => kind === "forget_statements")) statements.clear();
  }
}
