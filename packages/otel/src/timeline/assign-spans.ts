import { numberOf, textOf } from "../model/attributes.ts";
import type { ReceivedSpan } from "../model/span.ts";
import type { CheckoutDraft } from "./checkout-of.ts";
import { failureOf } from "./failure-of.ts";
import * as names from "./names.ts";
import type { TimelineCheckout, TimelineQuery, TimelineTransaction } from "./timeline-model.ts";

/** Start times come from a clock of whole milliseconds, so a query can seem to begin before the checkout that it belongs to. */
const CLOCK_STEP_MILLIS = 1;

/** Checkouts with what happened in them, and the queries that belong to none. */
export interface AssignedSpans {
  readonly checkouts: readonly TimelineCheckout[];
  readonly looseQueries: readonly TimelineQuery[];
}

/**
 * Gives each query and transaction of a connection to the checkout that it ran in.
 *
 * Its parent says it, or the one checkout of its trace; where the caller opened spans of its own in between, the time decides,
 * since a connection is in one checkout at a time.
 *
 * @param drafts - by use.
 */
export function assignSpans(
  drafts: readonly CheckoutDraft[],
  queries: readonly ReceivedSpan[],
  transactions: readonly ReceivedSpan[],
): AssignedSpans {
  const index = new CheckoutIndex(drafts);
  const transactionsOf = new Map<CheckoutDraft, ReceivedSpan[]>();
  for (const transaction of transactions) {
    const owner = index.ownerOf(transaction);
    if (owner === null) continue;
    push(transactionsOf, owner, transaction);
    index.adopt(transaction, owner);
  }
  const queriesOf = new Map<CheckoutDraft, ReceivedSpan[]>();
  const loose: ReceivedSpan[] = [];
  for (const query of queries) {
    const owner = index.ownerOf(query);
    if (owner === null) loose.push(query);
    else push(queriesOf, owner, query);
  }
  let lastUse = 0;
  const checkouts = drafts.map((draft) => {
    const { span, ...checkout } = draft;
    const missedBefore = draft.useCount === null ? 0 : Math.max(0, draft.useCount - lastUse - 1);
    lastUse = draft.useCount ?? lastUse;
    return {
      ...checkout,
      missedBefore,
      queries: (queriesOf.get(draft) ?? []).map(queryOf),
      transactions: (transactionsOf.get(draft) ?? []).map(transactionOf),
    };
  });
  return { checkouts, looseQueries: loose.map(queryOf) };
}

/** Finds the checkout that a span ran in. */
class CheckoutIndex {
  readonly #bySpan = new Map<string, CheckoutDraft>();
  readonly #byTrace = new Map<string, CheckoutDraft[]>();
  readonly #all: readonly CheckoutDraft[];

  constructor(drafts: readonly CheckoutDraft[]) {
    this.#all = drafts;
    for (const draft of drafts) {
      this.#bySpan.set(draft.spanId, draft);
      push(this.#byTrace, draft.traceId, draft);
    }
  }

  /** Children of the span belong to the owner too. */
  adopt(span: ReceivedSpan, owner: CheckoutDraft): void {
    this.#bySpan.set(span.spanId, owner);
  }

  ownerOf(span: ReceivedSpan): CheckoutDraft | null {
    const direct = this.#bySpan.get(span.spanId) ?? this.#bySpan.get(span.parentSpanId ?? "");
    if (direct !== undefined) return direct;
    const sameTrace = this.#byTrace.get(span.traceId) ?? [];
    return holderAt(sameTrace, span) ?? holderAt(this.#all, span);
  }
}

/** The last checkout that had begun when the span did, provided it had not ended. */
function holderAt(drafts: readonly CheckoutDraft[], span: ReceivedSpan): CheckoutDraft | null {
  const start = span.startTimeUnixMillis;
  const holder = drafts.findLast((draft) => draft.acquiredUnixMillis <= start + CLOCK_STEP_MILLIS);
  if (holder === undefined) return null;
  const end = holder.releasedUnixMillis ?? Number.POSITIVE_INFINITY;
  return start <= end + CLOCK_STEP_MILLIS ? holder : null;
}

function queryOf(span: ReceivedSpan): TimelineQuery {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    startUnixMillis: span.startTimeUnixMillis,
    endUnixMillis: span.endTimeUnixMillis,
    summary: span.name,
    failure: failureOf(span),
  };
}

function transactionOf(span: ReceivedSpan): TimelineTransaction {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    startUnixMillis: span.startTimeUnixMillis,
    endUnixMillis: span.endTimeUnixMillis,
    isolation: textOf(span.attributes, names.TX_ISOLATION),
    attempt: numberOf(span.attributes, names.TX_ATTEMPT),
    outcome: textOf(span.attributes, names.TX_OUTCOME),
  };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
