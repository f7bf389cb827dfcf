import { LeaseReleasedError } from "../errors.ts";
import type { Channel } from "./channel.ts";
import type { ConnectionIdentity, ConnectionObserver } from "./observer.ts";
import type { Parsers } from "./rows/row-shape.ts";
import { ShapeCache } from "./rows/shape-cache.ts";
import { SessionLedger } from "./session-ledger.ts";
import type { TransactionStatus } from "./session-state.ts";
import { StatementCache } from "./statements/statement-cache.ts";

/** What the operations of one session share. */
export class SessionContext {
  identity: ConnectionIdentity;
  readonly channel: Channel;
  readonly pooler: "none" | "transaction";
  readonly statements: StatementCache;
  readonly shapes: ShapeCache;
  readonly ledger: SessionLedger = new SessionLedger();
  observer: ConnectionObserver | null;
  scope: object | null = null;
  onError: ((error: unknown) => void) | null = null;
  onTransaction: ((status: TransactionStatus) => void) | null = null;
  /** How often the server has warned since the session began. */
  warnings = 0;
  /** Told of the end of the transaction; with an error where the connection was lost. */
  readonly transactionListeners: Set<(loss: Error | null) => void> = new Set();
  /** Who has the session now, counted: what one holder made is of no use to the next. */
  tenancy = 0;
  #status: TransactionStatus = "idle";
  #portals = 0;

  constructor(parts: {
    identity: ConnectionIdentity;
    channel: Channel;
    observer: ConnectionObserver | null;
    pooler: "none" | "transaction";
    statementCacheSize: number;
    parsers: Parsers;
  }) {
    this.identity = parts.identity;
    this.channel = parts.channel;
    this.observer = parts.observer;
    this.pooler = parts.pooler;
    this.statements = new StatementCache(parts.statementCacheSize);
    this.shapes = new ShapeCache(parts.parsers);
  }

  /** Whether somebody wants to know of operations now. */
  get isObserved(): boolean {
    return this.observer !== null && this.observer.isListening !== false;
  }

  /** An operation has ended, or the connection was lost, and with it, perhaps, the transaction. */
  settled(isInTransaction: boolean, loss: Error | null = null): void {
    this.ledger.settled(isInTransaction);
    const status = isInTransaction ? this.channel.status : "idle";
    if (status !== this.#status) {
      this.#status = status;
      this.onTransaction?.(status);
    }
    if (isInTransaction || this.transactionListeners.size === 0) return;
    for (const listener of [...this.transactionListeners]) listener(loss);
    this.transactionListeners.clear();
  }

  /** @throws {LeaseReleasedError} the holder in whose time something was made is no longer the holder. */
  mustBeTenant(tenancy: number): void {
    if (tenancy !== this.tenancy) throw new LeaseReleasedError(this.identity.id);
  }

  /** A name that no other portal of the session has. */
  nextPortalName(): string {
    this.#portals += 1;
    return `rp_cursor_${this.#portals}`;
  }
}
