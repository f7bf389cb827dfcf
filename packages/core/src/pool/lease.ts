import { ConnectionView } from "../connection/connection.ts";
import type { Notice } from "../connection/notice.ts";
import type { Session } from "../connection/session.ts";
import type { Slot } from "../engine/slot.ts";
import { LeaseReleasedError } from "../errors.ts";
import type { Member } from "./member.ts";

/** Where a lease is given back. */
export interface LeaseDesk {
  release(slot: Slot<Member>): void;
  discard(slot: Slot<Member>): void;
}

/**
 * The right to use one connection of a pool, until `release()`.
 *
 * After the release every verb rejects with {@link LeaseReleasedError} and nothing reaches the wire. `await using` releases at the
 * end of the block. A transaction left open is rolled back, a statement left running is cancelled.
 */
export class Lease extends ConnectionView implements AsyncDisposable, Disposable {
  readonly #desk: LeaseDesk;
  readonly #slot: Slot<Member>;
  #isReleased = false;
  #listeners: (() => void)[] | null = null;

  /** Runs a callback that holds the lease, so that the spans it opens nest under the checkout. */
  static inside<T>(lease: Lease, callback: () => T): T {
    const { checkout } = lease.#slot.connection;
    return checkout === null ? callback() : checkout.run(callback);
  }

  constructor(desk: LeaseDesk, slot: Slot<Member>) {
    super();
    this.#desk = desk;
    this.#slot = slot;
  }

  get id(): string {
    return this.#slot.connection.session.identity.id;
  }

  get backendPid(): number | null {
    return this.#slot.connection.session.identity.backendPid;
  }

  /** True once the lease was released or discarded. */
  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** Gives the connection back to the pool; harmless when that was done. */
  release(): void {
    if (this.#end()) this.#desk.release(this.#slot);
  }

  /** Gives the connection back to be closed, because the caller does not trust it any more; harmless when it was given back. */
  discard(): void {
    if (this.#end()) this.#desk.discard(this.#slot);
  }

  [Symbol.dispose](): void {
    this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
  }

  /** The listener hears nothing of the next borrower: it is forgotten with the release. */
  override onNotice(listener: (notice: Notice) => void): () => void {
    const forget = super.onNotice(listener);
    this.#listeners ??= [];
    this.#listeners.push(forget);
    return forget;
  }

  protected override session(): Session {
    if (this.#isReleased) throw new LeaseReleasedError(this.id);
    return this.#slot.connection.session;
  }

  #end(): boolean {
    if (this.#isReleased) return false;
    this.#isReleased = true;
    if (this.#listeners !== null) for (const forget of this.#listeners) forget();
    return true;
  }
}
