import { TransactionStateError } from "../errors.ts";
import type { Cursor } from "./cursor.ts";
import { checkLimits } from "./limit.ts";
import type { OperationObservation } from "./observer.ts";
import { HeldPortal } from "./operations/held-portal.ts";
import { NamedPortal } from "./operations/named-portal.ts";
import type { Portal } from "./operations/portal.ts";
import { encodeParameters } from "./parameters.ts";
import type { CursorOptions, Field, QueryValue, Row } from "./query.ts";
import { permittedFacts } from "./query-request.ts";
import type { SessionContext } from "./session-context.ts";
import { beginWatching, endWatching } from "./watching.ts";

const defaultBatchSize = 100;

/** A cursor over a portal of one session. */
export class PortalCursor<R = Row> implements Cursor<R> {
  readonly #context: SessionContext;
  readonly #tenancy: number;
  readonly #text: string;
  readonly #values: readonly QueryValue[] | undefined;
  readonly #options: CursorOptions;
  readonly #batchSize: number;
  #portal: Portal<R> | null = null;
  #fields: readonly Field[] = [];
  #isClosed = false;
  #isCutOff = false;
  #observation: OperationObservation | null = null;
  #rowCount = 0;
  /** The read that is under way; reads never overlap. */
  #reading: Promise<unknown> | null = null;

  constructor(
    context: SessionContext,
    statement: {
      text: string;
      values: readonly QueryValue[] | undefined;
      options: CursorOptions | undefined;
    },
  ) {
    this.#context = context;
    this.#tenancy = context.tenancy;
    this.#text = statement.text;
    this.#values = statement.values;
    this.#options = statement.options ?? {};
    this.#batchSize = checkedCount(this.#options.batchSize ?? defaultBatchSize);
  }

  get fields(): readonly Field[] {
    return this.#fields;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  async read(count: number): Promise<R[]> {
    checkedCount(count);
    while (this.#reading !== null) await this.#reading.catch(() => {});
    if (this.#isCutOff) {
      throw new TransactionStateError("the transaction ended before the last row of this cursor was read");
    }
    if (this.#isClosed) return [];
    const reading = this.#fetch(count);
    this.#reading = reading;
    try {
      return await reading;
    } finally {
      this.#reading = null;
    }
  }

  async fetchOne(): Promise<R | null> {
    const [row = null] = await this.read(1);
    return row;
  }

  fetchMany(count: number = this.#batchSize): Promise<R[]> {
    return this.read(count);
  }

  async fetchAll(): Promise<R[]> {
    const all: R[] = [];
    for (let rows = await this.fetchMany(); rows.length > 0; rows = await this.fetchMany()) {
      for (const row of rows) all.push(row);
    }
    return all;
  }

  async close(): Promise<void> {
    const isFirst = !this.#isClosed;
    this.#isClosed = true;
    this.#isCutOff = false;
    await this.#portal?.close();
    if (isFirst) this.#end(null);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  [Symbol.asyncIterator](): AsyncIterator<R, undefined> {
    const none: R[] = [];
    let batch = none.values();
    const turn = async (): Promise<IteratorResult<R, undefined>> => {
      batch = (await this.fetchMany()).values();
      return batch.next();
    };
    return {
      next: () => {
        const row = batch.next();
        return row.done === true ? turn() : Promise.resolve(row);
      },
      return: async () => {
        batch = none.values();
        await this.close();
        return { done: true, value: undefined };
      },
    };
  }

  async #fetch(count: number): Promise<R[]> {
    try {
      this.#context.mustBeTenant(this.#tenancy);
      checkLimits(this.#options);
      this.#portal ??= this.#open();
      const { rows, fields, isLast, command } = await this.#portal.fetch(count);
      this.#fields = fields;
      this.#rowCount += rows.length;
      if (isLast) {
        this.#isClosed = true;
        this.#end(null, command);
      }
      return rows;
    } catch (error) {
      this.#isClosed = true;
      await this.#portal?.close();
      this.#end(error);
      throw error;
    }
  }

  #open(): Portal<R> {
    const text = this.#text;
    const facts = permittedFacts(this.#context, text);
    const values = encodeParameters(this.#values);
    const { observer, identity, scope, channel } = this.#context;
    const isParameterised = values.length > 0;
    const start = { kind: "cursor", text, isParameterised, isPrepared: false, batchSize: 1, scope } as const;
    this.#observation = observer === null ? null : beginWatching(observer, identity, start);
    const comment = this.#observation?.comment ?? "";
    const request = {
      text,
      values,
      facts,
      options: this.#options,
      comment,
      onGone: (error: unknown) => this.#gone(error),
    };
    return channel.status === "transaction"
      ? new NamedPortal<R>(this.#context, request)
      : new HeldPortal<R>(this.#context, request);
  }

  #gone(error: unknown): void {
    // An end without a word would look like the end of the rows.
    this.#isCutOff = error === null && !this.#isClosed;
    this.#isClosed = this.#isClosed || error === null;
    this.#end(error);
  }

  #end(error: unknown, command: string | null = null): void {
    const observation = this.#observation;
    this.#observation = null;
    if (observation === null) return;
    const { signal } = this.#options;
    endWatching(observation, {
      error,
      wasAborted: error !== null && signal?.aborted === true && error === signal.reason,
      rowCount: error === null ? this.#rowCount : null,
      command,
    });
  }
}

function checkedCount(count: number): number {
  if (Number.isSafeInteger(count) && count >= 1 && count <= 0x7fffffff) return count;
  throw new RangeError(`a cursor reads whole numbers of rows from 1 on, not ${count}`);
}
