import type { Pipeline } from "./pipeline.ts";
import type { QueryOptions, QueryResult, QueryValue, Row } from "./query.ts";
import type { Session } from "./session.ts";
import type { SessionContext } from "./session-context.ts";

/** A pipeline on one session. */
export class SessionPipeline implements Pipeline {
  readonly #session: Session;
  readonly #context: SessionContext;
  readonly #tenancy: number;
  #pending = 0;
  #waiting: (() => void)[] = [];
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
    if (this.#isClosed) return Promise.reject(new TypeError("the pipeline has ended; begin another one"));
    try {
      this.#context.mustBeTenant(this.#tenancy);
    } catch (error) {
      return Promise.reject(error);
    }
    this.#pending += 1;
    // A promise of its own: an error that nobody looks at must not pass for handled because it was counted here.
    return this.#session.pipelined<R>(text, values, options).finally(() => this.#settled());
  }

  settled(): Promise<void> {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    return this.settled();
  }

  #settled(): void {
    this.#pending -= 1;
    if (this.#pending > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
