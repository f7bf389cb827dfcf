import type { Duplex } from "node:stream";
import { ConnectionBusyError } from "../errors.ts";
import type { CancelKey } from "./cancel-request.ts";
import { Canceller } from "./canceller.ts";
import { patienceMillis } from "./limit.ts";
import type { Notice, Notification } from "./notice.ts";
import type { Operation } from "./operations/operation.ts";
import type { SessionOptions } from "./session-options.ts";
import type { TransactionStatus } from "./session-state.ts";
import { Wire } from "./wire/wire.ts";

/** Who hears what no operation asked for. */
export interface ChannelOwner {
  /** What errors call the connection. */
  connectionId(): string;
  notice(notice: Notice): void;
  notification(notification: Notification): void;
  /** A cancel request is about to be sent. */
  cancelling(): void;
  /** The connection broke; not called for an end of our own. */
  lost(cause: Error): void;
  /** The connection is gone, whoever ended it. */
  ended(cause: Error): void;
}

/**
 * Decides which operation is on the wire.
 *
 * Invariants:
 * - operations start in the order of their calls;
 * - an exclusive operation is alone on the wire, shared ones may follow each other without waiting;
 * - nothing starts while a cancel request may still act, so a cancel can hit only the operation it was meant for.
 */
export class Channel {
  readonly wire: Wire<Operation>;
  readonly #canceller: Canceller;
  readonly #owner: ChannelOwner;
  #waiting: Operation[] = [];
  #exclusive: Operation | null = null;
  #end: { readonly cause: Error; readonly isOurs: boolean } | null = null;
  #isClosing = false;
  #idleCallbacks: (() => void)[] = [];

  constructor(stream: Duplex, owner: ChannelOwner, cancelling: { key: CancelKey; options: SessionOptions }) {
    this.#owner = owner;
    this.wire = new Wire<Operation>(stream, {
      notice: (notice) => owner.notice(notice),
      notification: (notification) => owner.notification(notification),
      ended: (cause) => this.#ended(cause),
    });
    this.#canceller = new Canceller(cancelling.options, cancelling.key, {
      finished: () => this.#pump(),
      gaveUp: (error) => this.wire.end(error),
    });
  }

  get status(): TransactionStatus {
    return this.wire.status;
  }

  /** True while an operation is under way or waits, or a cancel request may still act. */
  get isBusy(): boolean {
    return this.wire.inFlight > 0 || this.#waiting.length > 0 || this.#canceller.isPending;
  }

  /** How far whoever uses the connection has come, a number that only grows; null while the server is at work. */
  get progress(): number | null {
    const awaitsCaller = this.#exclusive?.awaitsCaller === true && this.#waiting.length === 0;
    return this.isBusy && !awaitsCaller ? null : this.wire.traffic;
  }

  /** Why the connection broke; null while it works, and where we ended it. */
  get lostCause(): Error | null {
    return this.#end === null || this.#end.isOurs ? null : this.#end.cause;
  }

  /** Starts an operation now, or as soon as those before it allow. */
  run(operation: Operation): void {
    if (this.#end !== null || this.#isClosing) {
      operation.lost(this.#end?.cause ?? new Error("the connection is being closed"), false);
      return;
    }
    if (this.#exclusive?.holdsConnection === true) {
      operation.refuse(new ConnectionBusyError(this.#owner.connectionId()));
      return;
    }
    if (this.#waiting.length === 0 && this.#canStart(operation)) this.#start(operation);
    else this.#waiting.push(operation);
  }

  /** The server is done with an operation. */
  finished(operation: Operation): void {
    if (this.#exclusive === operation) this.#exclusive = null;
    if (this.#canceller.isPending) this.#canceller.wake();
    if (this.#waiting.length > 0) this.#pump();
    if (this.#idleCallbacks.length > 0) this.#announceIdle();
  }

  /** Sends an operation once more, in the place that it has. */
  repeat(operation: Operation): void {
    this.wire.submit(operation);
  }

  /** Gives an operation up for its caller. */
  interrupt(operation: Operation, reason: unknown): void {
    if (operation.hasEnded) return;
    const place = this.#waiting.indexOf(operation);
    if (place !== -1) {
      this.#waiting.splice(place, 1);
      operation.hasEnded = true;
      operation.abandon(reason);
    } else if (operation.isShared) operation.abandon(reason);
    else {
      operation.leaveLater(patienceMillis, reason);
      if (!operation.interrupt({ reason })) this.#cancel(() => operation.hasEnded);
    }
  }

  /** Cancels whatever runs, refuses what waits, and resolves when the connection is free or has ended. */
  cancelRunning(reason: Error): Promise<void> {
    for (const operation of this.#waiting.splice(0)) operation.refuse(reason);
    if (!this.isBusy) return Promise.resolve();
    const running = this.#exclusive;
    if (running !== null) this.interrupt(running, reason);
    else if (this.wire.inFlight > 0) {
      for (const operation of this.wire.exchanges) {
        operation.leaveLater(patienceMillis, reason);
        operation.interrupt({ reason });
      }
      this.#cancel(() => this.wire.inFlight === 0);
    }
    return new Promise((resolve) => this.#idleCallbacks.push(resolve));
  }

  /** Says goodbye; resolves when the stream has closed. What is under way may still be answered. */
  close(graceMillis: number): Promise<void> {
    if (!this.#isClosing && this.#end === null) {
      this.#isClosing = true;
      const refusal = new Error("the connection is being closed");
      for (const operation of this.#waiting.splice(0)) operation.lost(refusal, false);
      this.wire.terminate();
      const timer = setTimeout(() => this.destroy(), graceMillis);
      this.wire.closed(() => clearTimeout(timer));
    }
    return new Promise((resolve) => this.wire.closed(resolve));
  }

  /** Ends the stream at once. */
  destroy(): void {
    this.#isClosing = true;
    this.wire.end(new Error("the connection was destroyed"));
  }

  #cancel(hasEnded: () => boolean): void {
    if (!this.#canceller.isPending) this.#owner.cancelling();
    this.#canceller.start(hasEnded);
  }

  #canStart(operation: Operation): boolean {
    if (this.#canceller.isPending) return false;
    return operation.isShared ? this.#exclusive === null : this.wire.inFlight === 0;
  }

  #start(operation: Operation): void {
    if (!operation.isShared) this.#exclusive = operation;
    this.wire.submit(operation);
  }

  #pump(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#canStart(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#start(next);
    }
    this.#announceIdle();
  }

  #announceIdle(): void {
    if (this.isBusy) return;
    for (const callback of this.#idleCallbacks.splice(0)) callback();
  }

  #ended(cause: Error): void {
    this.#end = { cause, isOurs: this.#isClosing };
    this.#exclusive = null;
    this.#canceller.stop();
    for (const operation of this.#waiting.splice(0)) operation.lost(cause, false);
    this.#announceIdle();
    if (!this.#isClosing) this.#owner.lost(cause);
    this.#owner.ended(cause);
  }
}
