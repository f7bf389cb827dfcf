import type { Pipeline } from "./pipeline.ts";
import type { QueryOptions, QueryResult, QueryValue, Row } from "./query.ts";
import type { Session } from "./session.ts";
import type { SessionContext } from "./session-context.ts";

/** A pipeline on one session. */
export class SessionPipeline implements Pipeline {
  readonly #session: Session;
  readonly #context: SessionContext;
  readonly #tenancy: number;
  readonly #pending = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(session: Session, context: SessionContext) {
    this.#session = session;
    this.#context = context;
    this.#tenancy = context.tenancy;
  }

  query<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>> {
    if (this.#isClosed) return Promise.reject(new Error("the pipeline has ended; begin another one"));
    try {
      this.#context.mustBeTenant(this.#tenancy);
    } catch (error) {
      return Promise.reject(error);
    }
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
