import { ConnectionLostError } from "../../errors.ts";
import type { OperationEnd, OperationObservation, OperationStart } from "../observer.ts";
import { isServerError, type ServerError } from "../server-error.ts";
import type { SessionContext } from "../session-context.ts";
import { beginWatching, endWatching } from "../watching.ts";
import { Exchange } from "../wire/exchange.ts";
import type { OperationGuard } from "./operation-guard.ts";

/** What an observer is told of an operation, save what the session knows itself. */
export type OperationSubject = Omit<OperationStart, "scope">;

/** Why the caller gave an operation up. */
export interface Interruption {
  readonly reason: unknown;
}

/**
 * One exchange that a caller waits for.
 *
 * Invariants:
 * - `settle` runs once, with the error that the caller sees or null;
 * - an exclusive operation is alone on the connection from its first byte to its ReadyForQuery;
 * - after an interruption the caller sees its reason, whatever the server answers.
 */
export abstract class Operation extends Exchange {
  readonly context: SessionContext;
  /** Whether others may be under way at the same time. */
  readonly isShared: boolean;
  /** Ends when the operation has settled; null where the caller set no limit. */
  guard: OperationGuard | null = null;
  /** True once the server's last answer has come, or never will. */
  hasEnded = false;
  interruption: Interruption | null = null;
  protected observation: OperationObservation | null = null;
  protected failure: Interruption | null = null;
  #hasSettled = false;
  #patience: NodeJS.Timeout | null = null;

  constructor(context: SessionContext, isShared: boolean) {
    super();
    this.context = context;
    this.isShared = isShared;
  }

  /** True where this operation keeps the connection until its caller goes on, so that waiting behind it could last for ever. */
  get holdsConnection(): boolean {
    return false;
  }

  /** True while the server waits for what its caller does next. */
  get awaitsCaller(): boolean {
    return false;
  }

  /** Gives the caller that gives up its reason after a while; the connection stays busy until the server has answered, or ends. */
  leaveLater(millis: number, reason: unknown): void {
    if (this.#hasSettled) return;
    this.#patience ??= setTimeout(() => this.abandon(reason), millis);
  }

  /** True once the caller has its result or its error; the server may still be at work. */
  get hasSettled(): boolean {
    return this.#hasSettled;
  }

  /** Settles for a reason of our own before anything was sent. */
  refuse(error: unknown): void {
    this.hasEnded = true;
    this.#settle({ reason: error });
  }

  /** The caller gave up while the operation waits, or while it shares the connection; the answer, if any, is ignored. */
  abandon(reason: unknown): void {
    this.interruption ??= { reason };
    this.#settle(this.interruption);
  }

  /**
   * The caller gave up while the operation is alone on the connection; it settles when the server is done, or after a while.
   *
   * Returns true where the operation can end by itself, without a cancel request.
   */
  interrupt(interruption: Interruption): boolean {
    this.interruption ??= interruption;
    return false;
  }

  /** The first failure is the one that counts. */
  override failed(error: ServerError): void {
    this.failure ??= { reason: error };
  }

  override ready(): void {
    this.hasEnded = true;
    this.context.settled(this.context.channel.status !== "idle");
    this.context.channel.finished(this);
    this.#settle(this.interruption ?? this.failure);
  }

  override lost(cause: Error, wasSent: boolean): void {
    this.hasEnded = true;
    const lost = new ConnectionLostError(this.context.identity.id, { wasSent, cause });
    this.#settle(this.interruption ?? this.failure ?? { reason: lost });
  }

  /** Ends the observation of an operation that settles with this. */
  protected observed(
    failure: Interruption | null,
    success: Pick<OperationEnd, "rowCount" | "command">,
  ): void {
    if (this.observation === null) return;
    endWatching(this.observation, {
      error: failure?.reason ?? null,
      wasAborted: failure !== null && failure === this.interruption,
      rowCount: failure === null ? success.rowCount : null,
      command: failure === null ? success.command : null,
    });
  }

  protected observe(subject: OperationSubject): void {
    const { observer, identity, scope, isObserved } = this.context;
    if (observer === null || !isObserved) return;
    const { kind, text, isParameterised, isPrepared, batchSize } = subject;
    const start = { kind, text, isParameterised, isPrepared, batchSize, scope };
    this.observation = beginWatching(observer, identity, start);
  }

  /** Gives the caller its result, or the error. */
  protected abstract settle(failure: Interruption | null): void;

  #settle(failure: Interruption | null): void {
    if (this.#hasSettled) return;
    this.#hasSettled = true;
    this.guard?.end();
    if (this.#patience !== null) clearTimeout(this.#patience);
    if (failure !== null && isServerError(failure.reason)) this.context.onError?.(failure.reason);
    this.settle(failure);
  }
}
