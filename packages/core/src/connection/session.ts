import { AsyncResource } from "node:async_hooks";
import { ConnectionLostError, LeaseReleasedError } from "../errors.ts";
import { checkOptions, type OptionRules, optionsError } from "../option-rules.ts";
import { Channel } from "./channel.ts";
import type { CopyOutput, CopyResult, CopySource } from "./copy.ts";
import { SessionCopyOutput } from "./copy-output.ts";
import type { Cursor } from "./cursor.ts";
import { type DriverClient, takeStream } from "./driver-stream-handover.ts";
import type { Notice, Notification } from "./notice.ts";
import type { ConnectionIdentity, ConnectionObserver } from "./observer.ts";
import { bothObservers } from "./observer-pair.ts";
import { type CommitAnswer, CommitOperation } from "./operations/commit-operation.ts";
import { CopyInOperation } from "./operations/copy-in-operation.ts";
import { DescribeOperation } from "./operations/describe-operation.ts";
import { IdentifyingOperation } from "./operations/identifying-operation.ts";
import { QueryOperation } from "./operations/query-operation.ts";
import { ScriptOperation } from "./operations/script-operation.ts";
import type { Pipeline } from "./pipeline.ts";
import { PortalCursor } from "./portal-cursor.ts";
import type {
  CursorOptions,
  OperationOptions,
  QueryOptions,
  QueryResult,
  QueryValue,
  Row,
  StatementDescription,
} from "./query.ts";
import { makeQueryRequest, permittedFacts, type QueryCall, refuseAllButCopy } from "./query-request.ts";
import { Parsers } from "./rows/row-shape.ts";
import { type MakeOperation, runOperation } from "./run-operation.ts";
import { SessionContext } from "./session-context.ts";
import type { ResetTier, SessionOptions } from "./session-options.ts";
import { SessionPipeline } from "./session-pipeline.ts";
import { resetScripts } from "./session-reset.ts";
import type { SessionTrait, TransactionStatus } from "./session-state.ts";
import { rulesOf } from "./verb-rules.ts";

const defaultCloseGraceMillis = 5_000;

/**
 * One physical connection: its operations, its state, its end.
 *
 * Invariants:
 * - operations run in the order of their calls, one at a time, save those that are pipelined;
 * - whatever happens to the socket, no `error` event is left without a listener, and `onLost` is called at most once;
 * - a session that is not busy can be hit by no cancel request.
 */
export class Session {
  /** Called once when the connection is lost, never for a close of our own. */
  onLost: ((error: Error) => void) | null = null;
  /** Called when a cancel request is about to be sent. */
  onCancel: (() => void) | null = null;
  /** Called for each notification of a channel that the session listens to. */
  onNotification: ((notification: Notification) => void) | null = null;
  /** Called at the end of a reset that dropped settings, to bring back those that belong to every session of its kind. */
  restore: ((signal: AbortSignal) => Promise<void>) | null = null;
  readonly #channel: Channel;
  readonly #context: SessionContext;
  #observer: ConnectionObserver | null;
  #companion: ConnectionObserver | null = null;
  readonly #endListeners = new Set<(cause: Error) => void>();
  readonly #noticeListeners = new Set<(notice: Notice) => void>();

  private constructor(client: DriverClient, options: SessionOptions) {
    const { stream, cancelKey } = takeStream(client, options.observer?.shield ?? null);
    this.#observer = options.observer;
    const owner = {
      connectionId: () => this.identity.id,
      notice: (notice: Notice) => this.#notice(notice),
      notification: (notification: Notification) => this.onNotification?.(notification),
      cancelling: () => this.onCancel?.(),
      lost: (cause: Error) => this.#lost(cause),
      ended: (cause: Error) => this.#ended(cause),
    };
    this.#channel = new Channel(stream, owner, { key: cancelKey, options });
    this.#context = new SessionContext({
      ...options,
      channel: this.#channel,
      parsers: new Parsers(
        (type) => client.getTypeParser(type, "text"),
        options.types,
        options.rowFactory ?? null,
      ),
    });
  }

  /** Takes over a connected client that has nothing under way; its connection is the session's from here on. */
  static adopt(client: DriverClient, options: SessionOptions): Session {
    return new Session(client, options);
  }

  get identity(): ConnectionIdentity {
    return this.#context.identity;
  }

  /** Gives it the id by which its pool knows it. */
  rename(id: string): void {
    const { identity } = this.#context;
    if (identity.id !== id) this.#context.identity = { ...identity, id };
  }

  get transactionStatus(): TransactionStatus {
    return this.#channel.status;
  }

  /** What the session carries beyond the transaction. */
  get traits(): ReadonlySet<SessionTrait> {
    return this.#context.ledger.traits;
  }

  /** True while an operation is under way or waits, or a cancel may still act. */
  get isBusy(): boolean {
    return this.#channel.isBusy;
  }

  get isLost(): boolean {
    return this.#channel.lostCause !== null;
  }

  get lostCause(): Error | null {
    return this.#channel.lostCause;
  }

  /** How far whoever uses the session has come, a number that only grows; null while the server is at work. */
  get progress(): number | null {
    return this.#channel.progress;
  }

  /** How many operations have been sent and not been answered. */
  get inFlight(): number {
    return this.#channel.wire.inFlight;
  }

  /** Sees every operation; null costs nothing. */
  get observer(): ConnectionObserver | null {
    return this.#observer;
  }

  set observer(observer: ConnectionObserver | null) {
    this.#observer = observer;
    this.#context.observer = bothObservers(observer, this.#companion);
  }

  /** Sees every operation beside `observer`, and stays when whoever holds the session replaces that. */
  get companion(): ConnectionObserver | null {
    return this.#companion;
  }

  set companion(companion: ConnectionObserver | null) {
    this.#companion = companion;
    this.#context.observer = bothObservers(this.#observer, companion);
  }

  /** What the holder wants to know operations by; handed to the observer with each. */
  get scope(): object | null {
    return this.#context.scope;
  }

  set scope(scope: object | null) {
    this.#context.scope = scope;
  }

  /** The holder gives the session up: cursors, outputs and pipelines of its time reject from now on, and send nothing. */
  endTenancy(): void {
    this.#context.tenancy += 1;
  }

  /** Called for each error of the server that an operation ended with, before its caller sees it. */
  get onError(): ((error: unknown) => void) | null {
    return this.#context.onError;
  }

  set onError(listener: ((error: unknown) => void) | null) {
    this.#context.onError = listener;
  }

  /** Called when an operation has changed the transaction status. */
  get onTransaction(): ((status: TransactionStatus) => void) | null {
    return this.#context.onTransaction;
  }

  set onTransaction(listener: ((status: TransactionStatus) => void) | null) {
    this.#context.onTransaction = listener;
  }

  query<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>> {
    return this.#query<R>({ text, values, options }, false);
  }

  /**
   * Sends one statement behind others without waiting for them.
   *
   * Once sent it can't be cancelled, since a cancel could hit a neighbour: an abort only rejects its promise.
   */
  pipelined<R = Row>(
    text: string,
    values?: readonly QueryValue[],
    options?: QueryOptions,
  ): Promise<QueryResult<R>> {
    return this.#query<R>({ text, values, options }, true);
  }

  /** As `query`; tells as well, without a round trip more, which id the transaction has by then. */
  queryIdentified<R = Row>(
    call: QueryCall,
    onTransactionId: (id: string | null) => void,
  ): Promise<QueryResult<R>> {
    return this.#run(rulesOf.query, call.options, (resolve, reject) => {
      const request = makeQueryRequest(this.#context, call, false);
      return new IdentifyingOperation<R>(this.#context, request, { resolve, reject, onTransactionId });
    });
  }

  /** Sends COMMIT and resolves with what became of it; see {@link CommitOperation}. */
  commit(asksTransactionId: boolean, options?: OperationOptions): Promise<CommitAnswer> {
    return this.#run(
      rulesOf.commit,
      options,
      (resolve) => new CommitOperation(this.#context, asksTransactionId, resolve),
    );
  }

  script<R = Row>(text: string, options?: OperationOptions): Promise<QueryResult<R>[]> {
    return this.#script<R>(text, options, true);
  }

  describe(text: string, options?: OperationOptions): Promise<StatementDescription> {
    return this.#run(
      rulesOf.describe,
      options,
      (resolve, reject) => new DescribeOperation(this.#context, text, { resolve, reject }),
    );
  }

  cursor<R = Row>(text: string, values?: readonly QueryValue[], options?: CursorOptions): Cursor<R> {
    checkOptions(rulesOf.cursor, options);
    return new PortalCursor<R>(this.#context, { text, values, options });
  }

  copyFrom(text: string, source: CopySource, options?: OperationOptions): Promise<CopyResult> {
    return this.#run(rulesOf.copyFrom, options, (resolve, reject) => {
      refuseAllButCopy(this.#context, text, "copyFrom() takes one COPY … FROM STDIN");
      return new CopyInOperation(this.#context, { text, source }, { resolve, reject });
    });
  }

  copyTo(text: string, options?: OperationOptions): CopyOutput {
    checkOptions(rulesOf.copyTo, options);
    return new SessionCopyOutput(this.#context, text, options);
  }

  pipeline(): Pipeline {
    return new SessionPipeline(this, this.#context);
  }

  /** Calls back once when the connection is gone, whoever ended it, unless the returned function was called before. */
  onceEnded(listener: (cause: Error) => void): () => void {
    this.#endListeners.add(listener);
    return () => {
      this.#endListeners.delete(listener);
    };
  }

  /** Calls back once when the transaction ends or the connection is lost, with the error of the loss. */
  onceTransactionEnded(listener: (loss: Error | null) => void): void {
    this.#context.transactionListeners.add(listener);
  }

  /** Calls back for each notice until the returned function is called. */
  onNotice(listener: (notice: Notice) => void): () => void {
    // A listener of its own, so that registering the same function twice gives two registrations, each in the context of its caller.
    const own = AsyncResource.bind((notice: Notice): void => listener(notice));
    this.#noticeListeners.add(own);
    return () => {
      this.#noticeListeners.delete(own);
    };
  }

  /** Takes what the session carries now for how it ought to be, as after its configuration. */
  markConfigured(): void {
    this.#context.ledger.clear();
  }

  /**
   * Brings the session back to a clean state; null where there is nothing to do, without a round trip.
   *
   * `rollback` ends the transaction; `clean` drops as well what the session carries, and keeps its prepared statements;
   * `discard` drops everything.
   */
  reset(tier: ResetTier, signal: AbortSignal): Promise<void> | null {
    const scripts = resetScripts(tier, this.transactionStatus, this.traits);
    return scripts.length === 0 ? null : this.#reset(scripts, signal);
  }

  /** Proves the session alive with an empty statement. */
  async ping(signal: AbortSignal): Promise<void> {
    await this.#script("", { signal }, false);
  }

  /** Cancels what runs, refuses what waits with `reason`, and resolves when the session is free or has ended. */
  cancelRunning(reason: Error = new LeaseReleasedError(this.identity.id)): Promise<void> {
    return this.#channel.cancelRunning(reason);
  }

  /** Ends the session politely, and roughly after a while; resolves when the socket has closed. */
  close(graceMillis: number = defaultCloseGraceMillis): Promise<void> {
    return this.#channel.close(graceMillis);
  }

  /** Ends the socket at once. */
  destroy(): void {
    this.#channel.destroy();
  }

  #query<R>(call: QueryCall, isShared: boolean): Promise<QueryResult<R>> {
    return this.#run(rulesOf.query, call.options, (resolve, reject) => {
      const request = makeQueryRequest(this.#context, call, isShared);
      return new QueryOperation<R>(this.#context, request, { resolve, reject });
    });
  }

  #script<R>(
    text: string,
    options: OperationOptions | undefined,
    isObserved: boolean,
  ): Promise<QueryResult<R>[]> {
    return this.#run(rulesOf.script, options, (resolve, reject) => {
      permittedFacts(this.#context, text);
      return new ScriptOperation<R>(this.#context, { text, options, isObserved }, { resolve, reject });
    });
  }

  #run<T>(rules: OptionRules, options: OperationOptions | undefined, make: MakeOperation<T>): Promise<T> {
    const mistake = optionsError(rules, options);
    return mistake === null ? runOperation(this.#context, options, make) : Promise.reject(mistake);
  }

  async #reset(scripts: readonly string[], signal: AbortSignal): Promise<void> {
    for (const script of scripts) await this.#script(script, { signal }, false);
    if (scripts.length === 1 && scripts[0] === "rollback") return;
    await this.restore?.(signal);
    this.markConfigured();
  }

  #notice(notice: Notice): void {
    if (notice.severity === "WARNING") this.#context.warnings += 1;
    for (const listener of [...this.#noticeListeners]) {
      try {
        listener(notice);
      } catch (error) {
        // Thrown on, it would end the connection on which it was heard.
        process.emitWarning(error instanceof Error ? error : String(error));
      }
    }
  }

  #lost(cause: Error): void {
    this.#context.settled(false, new ConnectionLostError(this.identity.id, { wasSent: true, cause }));
    this.onLost?.(cause);
  }

  #ended(cause: Error): void {
    for (const listener of [...this.#endListeners]) listener(cause);
    this.#endListeners.clear();
  }
}
