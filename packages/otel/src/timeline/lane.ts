import { numberOf, textOf } from "../model/attributes.ts";
import type { ReceivedSpan } from "../model/span.ts";
import { assignSpans } from "./assign-spans.ts";
import { type CheckoutDraft, checkoutOf, implicitCheckoutOf, isImplicitCheckout } from "./checkout-of.ts";
import { failureOf } from "./failure-of.ts";
import { leakedCheckoutOf, useCountOf, withLeaks } from "./leak-of.ts";
import * as names from "./names.ts";
import { byStart, RecentSpans } from "./recent-spans.ts";
import type { Sender } from "./sender.ts";
import type { LaneClosing, LaneOpening, TimelineCheckout, TimelineLane } from "./timeline-model.ts";

/** How much one lane keeps. */
export interface LaneLimits {
  readonly maxCheckoutsPerLane: number;
  readonly maxQueriesPerLane: number;
}

/** The spans of one physical connection, and the picture that they make; the order of their arrival leaves no mark. */
export class Lane {
  readonly key: string;
  readonly #connectionId: string;
  readonly #sender: Sender;
  readonly #checkouts: RecentSpans;
  readonly #queries: RecentSpans;
  readonly #transactions: RecentSpans;
  readonly #leaks: RecentSpans;
  #connect: ReceivedSpan | null = null;
  #close: ReceivedSpan | null = null;
  #highestUse = 0;
  #picture: TimelineLane | null = null;

  constructor(key: string, connectionId: string, options: { sender: Sender; limits: LaneLimits }) {
    this.key = key;
    this.#connectionId = connectionId;
    this.#sender = options.sender;
    this.#checkouts = new RecentSpans(options.limits.maxCheckoutsPerLane);
    this.#queries = new RecentSpans(options.limits.maxQueriesPerLane);
    this.#transactions = new RecentSpans(options.limits.maxCheckoutsPerLane);
    this.#leaks = new RecentSpans(options.limits.maxCheckoutsPerLane);
  }

  add(span: ReceivedSpan): void {
    this.#picture = null;
    this.#highestUse = Math.max(this.#highestUse, numberOf(span.attributes, names.CONNECTION_USE_COUNT) ?? 0);
    if (span.name === names.SPAN_CHECKOUT) this.#checkouts.add(span);
    else if (span.name === names.SPAN_LEAK) this.#leaks.add(span);
    else if (span.name === names.SPAN_TRANSACTION) this.#transactions.add(span);
    else if (span.name === names.SPAN_CLOSE) this.#close = later(this.#close, span);
    else if (span.name.startsWith(names.SPAN_CONNECT)) this.#connect = later(this.#connect, span);
    else if (span.kind === "client") this.#queries.add(span);
  }

  /** @param held - checkouts of this connection that have not ended. */
  toLane(held: readonly ReceivedSpan[] = []): TimelineLane {
    if (held.length > 0) return this.#draw(held);
    this.#picture ??= this.#draw(held);
    return this.#picture;
  }

  #draw(held: readonly ReceivedSpan[]): TimelineLane {
    const spans = this.#checkouts.toArray();
    const queries = this.#queries.toArray();
    const explicit = [
      ...spans.map((span) => checkoutOf(span, { isHeld: false })),
      ...held.map((span) => checkoutOf(span, { isHeld: true })),
    ];
    const known = new Set(explicit.map((checkout) => checkout.useCount));
    const implicit = queries
      .filter((query) => isImplicitCheckout(query, known))
      .map((query) => implicitCheckoutOf(query));
    const drafts = withLeaks([...explicit, ...implicit], this.#leaks.toArray());
    const { checkouts, looseQueries } = assignSpans(
      [...drafts, ...this.#stillLeaked(drafts)].sort(byUse),
      queries,
      this.#transactions.toArray(),
    );
    const highest = Math.max(this.#highestUse, ...checkouts.map((checkout) => checkout.useCount ?? 0));
    return {
      key: this.key,
      senderKey: this.#sender.key,
      connectionId: this.#connectionId,
      ...this.#identity([...spans, ...held, ...this.#leaks.toArray()]),
      opened: this.#connect === null ? null : openingOf(this.#connect),
      checkouts,
      looseQueries,
      missedUses: highest - new Set(checkouts.flatMap((checkout) => checkout.useCount ?? [])).size,
      closed: this.#closing(checkouts),
    };
  }

  /** What is held and suspected, unless its end or something later is known. */
  #stillLeaked(known: readonly CheckoutDraft[]): CheckoutDraft[] {
    const last = this.#leaks.toArray().at(-1);
    if (last === undefined || this.#close !== null) return [];
    const useCount = useCountOf(last);
    const isKnown = known.some((draft) => draft.useCount === useCount);
    return useCount === this.#highestUse && !isKnown ? [leakedCheckoutOf(last)] : [];
  }

  #identity(
    checkouts: readonly ReceivedSpan[],
  ): Pick<TimelineLane, "poolName" | "serviceName" | "process" | "backendPid" | "target"> {
    const known = [this.#connect, this.#close, checkouts[0], this.#transactions.toArray()[0]];
    const witnesses = known.filter((span) => span !== null && span !== undefined);
    const first = <T>(read: (span: ReceivedSpan) => T | null): T | null =>
      witnesses.map(read).find((value) => value !== null) ?? null;
    return {
      poolName: first((span) => textOf(span.attributes, names.POOL_NAME)),
      serviceName: this.#sender.serviceName,
      process: this.#sender.process,
      backendPid: first((span) => numberOf(span.attributes, names.BACKEND_PID)),
      target: targetOf(this.#connect ?? this.#queries.toArray()[0] ?? null),
    };
  }

  #closing(checkouts: readonly TimelineCheckout[]): LaneClosing | null {
    if (this.#close !== null) {
      const reason = textOf(this.#close.attributes, names.CLOSE_REASON) ?? "unknown";
      const { startTimeUnixMillis, endTimeUnixMillis } = this.#close;
      return { beganUnixMillis: startTimeUnixMillis, timeUnixMillis: endTimeUnixMillis, reason };
    }
    const last = checkouts.findLast((checkout) => checkout.discardReason !== null);
    if (last === undefined || last.releasedUnixMillis === null || last.discardReason === null) return null;
    const { releasedUnixMillis, discardReason } = last;
    return { beganUnixMillis: releasedUnixMillis, timeUnixMillis: releasedUnixMillis, reason: discardReason };
  }
}

function later(a: ReceivedSpan | null, b: ReceivedSpan): ReceivedSpan {
  return a !== null && byStart(a, b) > 0 ? a : b;
}

/** Uses of one connection are numbered; clocks of two spans can differ by a millisecond. */
function byUse(a: CheckoutDraft, b: CheckoutDraft): number {
  const numbered = (a.useCount ?? Number.MAX_SAFE_INTEGER) - (b.useCount ?? Number.MAX_SAFE_INTEGER);
  return numbered || byStart(a.span, b.span);
}

function openingOf(span: ReceivedSpan): LaneOpening {
  const { traceId, spanId, parentSpanId } = span;
  return {
    traceId,
    spanId,
    startUnixMillis: span.startTimeUnixMillis,
    endUnixMillis: span.endTimeUnixMillis,
    demandedBy: parentSpanId === null ? null : { traceId, spanId: parentSpanId },
    failure: failureOf(span),
  };
}

/** `database@host:port`, as far as a span tells it. */
export function targetOf(span: ReceivedSpan | null): string | null {
  if (span === null) return null;
  const database = textOf(span.attributes, names.DB_NAMESPACE);
  const host = textOf(span.attributes, names.SERVER_ADDRESS);
  const port = numberOf(span.attributes, names.SERVER_PORT);
  if (database === null || host === null) return database ?? host;
  return `${database}@${host}${port === null ? "" : `:${port}`}`;
}
