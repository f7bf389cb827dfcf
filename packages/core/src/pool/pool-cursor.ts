import type { Cursor } from "../connection/cursor.ts";
import type { CursorOptions, Field, QueryValue, Row } from "../connection/query.ts";
import { LateLease } from "./late-lease.ts";
import type { Lease } from "./lease.ts";

/** A cursor that takes a connection with its first read and gives it back when it ends, however it ends. */
export class PoolCursor<R = Row> implements Cursor<R> {
  readonly #lease: LateLease;
  readonly #open: (lease: Lease) => Cursor<R>;
  #opening: Promise<Cursor<R>> | null = null;
  #cursor: Cursor<R> | null = null;
  #isClosed = false;
  /** Whether the caller closed it, and so wants no more rows and no error. */
  #isLeft = false;

  constructor(
    acquire: (leaving: AbortSignal) => Promise<Lease>,
    statement: { text: string; values: readonly QueryValue[] | undefined; options: CursorOptions },
  ) {
    this.#lease = new LateLease(acquire, statement.options.signal ?? null);
    this.#open = (lease) => lease.cursor<R>(statement.text, statement.values, statement.options);
  }

  get fields(): readonly Field[] {
    return this.#cursor?.fields ?? [];
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  read(count: number): Promise<R[]> {
    return this.#reading([], (cursor) => cursor.read(count));
  }

  fetchOne(): Promise<R | null> {
    return this.#reading(null, (cursor) => cursor.fetchOne());
  }

  fetchMany(count?: number): Promise<R[]> {
    return this.#reading([], (cursor) => cursor.fetchMany(count));
  }

  fetchAll(): Promise<R[]> {
    return this.#reading([], (cursor) => cursor.fetchAll());
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#isLeft = true;
    try {
      await this.#cursor?.close();
    } finally {
      this.#lease.end();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<R, void, undefined> {
    try {
      for (let rows = await this.fetchMany(); rows.length > 0; rows = await this.fetchMany()) yield* rows;
    } finally {
      await this.close();
    }
  }

  async #reading<T>(atEnd: T, read: (cursor: Cursor<R>) => Promise<T>): Promise<T> {
    if (this.#isClosed) return atEnd;
    this.#opening ??= this.#start();
    try {
      const cursor = await this.#opening;
      const rows = await read(cursor);
      if (cursor.isClosed) this.#end();
      return rows;
    } catch (error) {
      this.#end();
      if (this.#isLeft && this.#cursor === null) return atEnd;
      throw this.#lease.explain(error);
    }
  }

  async #start(): Promise<Cursor<R>> {
    this.#cursor = this.#open(await this.#lease.take());
    return this.#cursor;
  }

  #end(): void {
    this.#isClosed = true;
    this.#lease.end();
  }
}
