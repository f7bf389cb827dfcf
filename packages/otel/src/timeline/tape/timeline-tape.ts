import { numberOf, textOf } from "../../model/attributes.ts";
import type { ReceivedSpan } from "../../model/span.ts";
import { type CheckoutDraft, checkoutOf, implicitCheckoutOf } from "../checkout-of.ts";
import { useCountOf } from "../leak-of.ts";
import * as names from "../names.ts";
import type { Sender } from "../sender.ts";
import { withoutBallast } from "../without-ballast.ts";
import { StringTable } from "./string-table.ts";
import { cancelsOf, failedWords, statementWords, transactionsOf, useWords } from "./tape-entries.ts";
import { WritableLane } from "./tape-lane.ts";
import {
  type HeldUse,
  type TapeKind,
  type TapeLane,
  type TapeListener,
  USE,
  USE_FLAGS,
} from "./tape-model.ts";
import { afterLast, endOfStatement, heldUseOf, isTold, leakedUseOf, periodOf, poolOf } from "./tape-rules.ts";

/** What a `TimelineTape` accepts. */
export interface TimelineTapeOptions {
  /** How far back it goes, in milliseconds. Default: 660 000. */
  keepMillis?: number;
  /** What the columns may take; beyond it the oldest tenth goes. Default: 64 000 000. */
  maxBytes?: number;
  /** Connections; beyond it the one of which nothing was heard for longest goes. Default: 512. */
  maxLanes?: number;
}

const MAX_STRINGS = 10_000;
/** Spans of one use arrive close together. */
const LOOK_BACK = 8;
/** Looking at every lane is worth it only once in a while. */
const ENTRIES_BETWEEN_LOOKS = 2_000;

/**
 * The recent past of every connection in columns: some fifty bytes for a use where a `TimelineCheckout` takes a thousand, written
 * in constant time as spans arrive, and bounded by age and by bytes. A `TapeRecorder` feeds it.
 *
 * Invariants: uses of a lane are in the order of their start, and one use stands there once, whether its own span or only that of
 * its query has told of it; after each entry the columns take at most `maxBytes`, checked every few thousand entries.
 */
export class TimelineTape {
  readonly strings: StringTable = new StringTable(MAX_STRINGS);
  readonly #keepMillis: number;
  readonly #maxBytes: number;
  readonly #maxLanes: number;
  readonly #lanes = new Map<string, WritableLane>();
  readonly #listeners = new Set<TapeListener>();
  #laneCount = 0;
  #newest = 0;
  #sinceLook = 0;

  constructor(options: TimelineTapeOptions = {}) {
    this.#keepMillis = options.keepMillis ?? 660_000;
    this.#maxBytes = options.maxBytes ?? 64_000_000;
    this.#maxLanes = options.maxLanes ?? 512;
  }

  /** Every lane, in the order in which they became known. */
  get lanes(): readonly TapeLane[] {
    return [...this.#lanes.values()].sort((a, b) => a.id - b.id);
  }

  /** What the columns take. */
  get byteLength(): number {
    let bytes = 0;
    for (const lane of this.#lanes.values()) bytes += lane.byteLength;
    return bytes;
  }

  /** Tells the listener of each entry, until the returned function is called. */
  listen(listener: TapeListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes a finished span of a connection. */
  add(span: ReceivedSpan, about: { connectionId: string; sender: Sender }): void {
    const lane = this.#laneOf(about.sender, about.connectionId, poolOf(span, about.connectionId));
    if (lane.describe(span)) this.#announce(lane);
    if (span.name === names.SPAN_CHECKOUT) this.#addUse(lane, checkoutOf(span, { isHeld: false }));
    else this.#settle(lane);
    if (span.name === names.SPAN_TRANSACTION) {
      const outcome = this.strings.indexOf(textOf(span.attributes, names.TX_OUTCOME));
      this.#record(lane, "transaction", { ...periodOf(span), words: [outcome] });
    } else if (span.name === names.SPAN_RESET || span.name === names.SPAN_VALIDATE) {
      this.#record(lane, "busy", { ...periodOf(span), words: [this.strings.indexOf(span.name)] });
    } else if (span.name === names.SPAN_LEAK) this.#addLeak(lane, span);
    else if (span.kind === "client" && !span.name.startsWith(names.SPAN_CONNECT)) {
      this.#record(lane, "statement", { ...periodOf(span), words: statementWords(span, this.strings) });
      if (numberOf(span.attributes, names.CONNECTION_USE_COUNT) !== null) lane.pending = withoutBallast(span);
    }
    this.#look();
  }

  /** Takes a request that ended without a connection. */
  addFailed(span: ReceivedSpan, sender: Sender): void {
    const poolName = textOf(span.attributes, names.POOL_NAME) ?? "pool";
    const lane = this.#laneOf(sender, null, poolName);
    lane.lastUnixMillis = Math.max(lane.lastUnixMillis, span.endTimeUnixMillis);
    this.#record(lane, "failed", { ...periodOf(span), words: failedWords(span, this.strings) });
    this.#look();
  }

  /** What is known of a use that has not ended; null where it has no connection yet. */
  held(span: ReceivedSpan, sender: Sender): HeldUse | null {
    const connectionId = textOf(span.attributes, names.CONNECTION_ID);
    if (connectionId === null) return null;
    const lane = this.#laneOf(sender, connectionId, poolOf(span, connectionId));
    return heldUseOf(lane, span);
  }

  /** Suspected leaks that have not been seen to end. */
  leaks(): readonly HeldUse[] {
    return [...this.#lanes.values()].flatMap(({ leak }) => leak ?? []);
  }

  /** Forgets what is older than it keeps; for whoever knows the time while no span arrives. */
  trim(nowUnixMillis: number): void {
    this.#sinceLook = 0;
    this.#newest = Math.max(this.#newest, nowUnixMillis);
    this.#dropBefore(this.#newest - this.#keepMillis);
    for (let share = 0.1; this.byteLength > this.#maxBytes && share <= 1; share += 0.1) {
      this.#dropBefore(this.#newest - this.#keepMillis * (1 - share));
      for (const lane of this.#lanes.values()) lane.fit();
    }
  }

  clear(): void {
    this.#lanes.clear();
  }

  #addLeak(lane: WritableLane, span: ReceivedSpan): void {
    const leak = leakedUseOf(lane, span);
    const { use } = lane.tracks;
    const isOver = use.length > 0 && use.word(use.length - 1, USE.useCount) >= (leak.useCount ?? 1);
    if (!isOver) lane.leak = leak;
  }

  #addUse(lane: WritableLane, draft: CheckoutDraft): void {
    if ((lane.leak?.useCount ?? 0) <= (draft.useCount ?? 0)) lane.leak = null;
    if (lane.pending !== null && draft.useCount === useCountOf(lane.pending)) lane.pending = null;
    else this.#settle(lane);
    const { acquiredUnixMillis: start, span } = draft;
    const end = draft.releasedUnixMillis ?? start;
    this.#recordUse(lane, { start, end, words: useWords(draft, this.strings) });
    if (lane.discard(draft)) this.#announce(lane);
    for (const transaction of transactionsOf(span)) {
      const stretch = { start: transaction.start, end: Math.min(transaction.end ?? end, end) };
      if (stretch.end > stretch.start && !isTold(lane, stretch)) {
        this.#record(lane, "transaction", { ...stretch, words: [0] });
      }
    }
    for (const asked of cancelsOf(span)) {
      const until = endOfStatement(lane, asked) ?? end;
      this.#record(lane, "cancel", { start: asked, end: Math.max(asked, until), words: [] });
    }
  }

  /** A query that had no span of a checkout is the only one to tell of its use. */
  #settle(lane: WritableLane): void {
    const query = lane.pending;
    if (query === null) return;
    lane.pending = null;
    const draft = implicitCheckoutOf(query);
    const words = useWords(draft, this.strings);
    this.#recordUse(lane, { start: draft.acquiredUnixMillis, end: query.endTimeUnixMillis, words });
  }

  /** The same use told once more takes the place of what its query told. */
  #recordUse(lane: WritableLane, use: { start: number; end: number; words: readonly number[] }): void {
    const track = lane.tracks.use;
    const useCount = use.words[USE.useCount] ?? 0;
    const last = track.length - 1;
    for (let index = last; useCount > 0 && index > Math.max(-1, last - LOOK_BACK); index -= 1) {
      if (track.word(index, USE.useCount) !== useCount) continue;
      const isImplicit = ((use.words[USE.flags] ?? 0) & USE_FLAGS.implicit) !== 0;
      if (isImplicit) return;
      track.replace(index, track.start(index), use.end, use.words);
      this.#tell(lane, "use", { ...use, start: track.start(index) });
      return;
    }
    this.#record(lane, "use", { ...use, start: afterLast(lane, use) });
  }

  #record(
    lane: WritableLane,
    kind: TapeKind,
    interval: { start: number; end: number; words: readonly number[] },
  ): void {
    lane.tracks[kind].insert(interval.start, interval.end, interval.words);
    this.#newest = Math.max(this.#newest, interval.end);
    this.#tell(lane, kind, interval);
  }

  #tell(
    lane: WritableLane,
    kind: TapeKind,
    interval: { start: number; end: number; words: readonly number[] },
  ): void {
    for (const listener of this.#listeners) listener.entry({ kind, lane, ...interval });
  }

  #announce(lane: WritableLane): void {
    for (const listener of this.#listeners) listener.lane(lane);
  }

  #laneOf(sender: Sender, connectionId: string | null, poolName: string): WritableLane {
    const key = `${sender.key} ${connectionId ?? `${poolName} queue`}`;
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane = new WritableLane(this.#laneCount, { key, connectionId, poolName, sender });
    this.#laneCount += 1;
    this.#lanes.set(key, lane);
    if (this.#lanes.size > this.#maxLanes) this.#dropQuietest(lane);
    this.#announce(lane);
    return lane;
  }

  #dropQuietest(newest: WritableLane): void {
    let quietest: WritableLane | null = null;
    for (const lane of this.#lanes.values()) {
      if (lane !== newest && (quietest === null || lane.lastUnixMillis < quietest.lastUnixMillis))
        quietest = lane;
    }
    if (quietest !== null) this.#lanes.delete(quietest.key);
  }

  #look(): void {
    this.#sinceLook += 1;
    if (this.#sinceLook >= ENTRIES_BETWEEN_LOOKS) this.trim(this.#newest);
  }

  #dropBefore(time: number): void {
    for (const lane of this.#lanes.values()) {
      lane.dropBefore(time);
      if (lane.isOver(time)) this.#lanes.delete(lane.key);
    }
  }
}
