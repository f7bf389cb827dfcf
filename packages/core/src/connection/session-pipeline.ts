import type { Pipeline } from "./pipeline.ts";
import type { QueryOptions, QueryResult, QueryValue, Row } from "./query.ts";
import type { Session } from "./session.ts";

/** A pipeline on one session. */
export class SessionPipeline implements Pipeline {
  readonly #session: Session;
  readonly #pending = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(session: Session) {
    this.#session = session;
  }

  query<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>> {
    if (this.#isClosed) return Promise.reject(new Error("the pipeline has ended; begin another one"));
    const result = this.#session.pipelined<R>(text, values, options);
    this.#pending.add(result);
    const forget = (): void => {
      this.#pending.delete(result);
    };
    result.then(forget, forget);
    return result;
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#pending);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    return this.settled();
  }
}
