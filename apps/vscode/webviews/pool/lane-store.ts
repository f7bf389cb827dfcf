import { IntervalTrack } from "@rockpool/otel/interval-track";
import {
  type HeldUseView,
  LANE_KINDS,
  LANE_WIDTHS,
  type LaneBatch,
  type LaneEntryKind,
  type LaneHeadView,
  STATEMENT_WORDS,
  USE_WORDS,
} from "../../shared/protocol/pool.ts";

/** How far back a use that is told again may lie. */
const LOOK_BACK = 8;

/** Something worth a line of its own: a leak, or a statement that failed. */
export interface Notable {
  readonly kind: "leak" | "error";
  readonly start: number;
  readonly at: number;
  /** The number of the summary, and of the failure. */
  readonly texts: readonly [summary: number, failure: number];
}

const MOST_NOTABLE = 200;
const LEAK = 4;

/** One connection, or the queue of a pool, as the view knows it. */
export class StoredLane {
  head: LaneHeadView;
  held: HeldUseView | null = null;
  /** The latest, in the order of their arrival. */
  readonly notable: Notable[] = [];
  readonly tracks: Readonly<Record<LaneEntryKind, IntervalTrack>>;

  constructor(head: LaneHeadView) {
    this.head = head;
    this.tracks = {
      use: new IntervalTrack(LANE_WIDTHS.use),
      statement: new IntervalTrack(LANE_WIDTHS.statement),
      transaction: new IntervalTrack(LANE_WIDTHS.transaction),
      cancel: new IntervalTrack(LANE_WIDTHS.cancel),
      busy: new IntervalTrack(LANE_WIDTHS.busy),
      failed: new IntervalTrack(LANE_WIDTHS.failed),
    };
  }

  /** When it was there first, as far as that is known: before all that is remembered, where nothing is of it. */
  get bornAt(): number {
    const { use, statement } = this.tracks;
    const firsts = [
      this.head.opened?.start,
      use.length > 0 ? use.start(0) : undefined,
      statement.length > 0 ? statement.start(0) : undefined,
      this.held?.acquired,
    ].filter((time) => time !== undefined);
    return firsts.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...firsts);
  }

  /** When it was gone; null while it is there. */
  get goneAt(): number | null {
    const { opened, closed } = this.head;
    if (closed !== null) return closed.end;
    return opened !== null && opened.reason !== null ? opened.end : null;
  }

  /** A use that is told again takes the place of what only its query had told. */
  insert(kind: LaneEntryKind, start: number, end: number, words: Uint32Array): void {
    const track = this.tracks[kind];
    this.#note(kind, { start, end, words });
    if (kind === "use" && this.#replaceUse(end, words)) return;
    track.insert(start, end, words);
  }

  dropBefore(time: number): void {
    for (const kind of LANE_KINDS) this.tracks[kind].dropBefore(time);
  }

  get isEmpty(): boolean {
    return LANE_KINDS.every((kind) => this.tracks[kind].length === 0);
  }

  #note(
    kind: LaneEntryKind,
    { start, end, words }: { start: number; end: number; words: Uint32Array },
  ): void {
    const failure = words[STATEMENT_WORDS.failure] ?? 0;
    if (kind === "use" && ((words[USE_WORDS.flags] ?? 0) & LEAK) !== 0) {
      this.notable.push({ kind: "leak", start, at: end, texts: [0, 0] });
    } else if (kind === "statement" && failure !== 0) {
      const texts = [words[STATEMENT_WORDS.summary] ?? 0, failure] as const;
      this.notable.push({ kind: "error", start, at: end, texts });
    }
    if (this.notable.length > MOST_NOTABLE) this.notable.splice(0, MOST_NOTABLE / 4);
  }

  #replaceUse(end: number, words: Uint32Array): boolean {
    const { use } = this.tracks;
    const useCount = words[USE_WORDS.useCount] ?? 0;
    const last = use.length - 1;
    for (let index = last; useCount > 0 && index > Math.max(-1, last - LOOK_BACK); index -= 1) {
      if (use.word(index, USE_WORDS.useCount) !== useCount) continue;
      use.replace(index, use.start(index), end, words);
      return true;
    }
    return false;
  }
}

/**
 * All lanes that the host has told of.
 *
 * Invariant: after each batch it holds what the host's tapes hold, as far back as the view looks.
 */
export class LaneStore {
  readonly #lanes = new Map<number, StoredLane>();
  #texts: string[] = [];

  get lanes(): IterableIterator<StoredLane> {
    return this.#lanes.values();
  }

  get(id: number): StoredLane | null {
    return this.#lanes.get(id) ?? null;
  }

  /** The connections of a pool by their number, and its queue. */
  ofPool(key: string): { lanes: readonly StoredLane[]; queue: StoredLane | null } {
    const own = [...this.#lanes.values()].filter(({ head }) => head.pool === key);
    return {
      lanes: own.filter(({ head }) => head.connectionId !== null).sort(byNumber),
      queue: own.find(({ head }) => head.connectionId === null) ?? null,
    };
  }

  text(number: number): string | null {
    return this.#texts[number - 1] ?? null;
  }

  clear(): void {
    this.#lanes.clear();
    this.#texts = [];
  }

  add(batch: LaneBatch): void {
    this.#texts.push(...batch.texts);
    for (const head of batch.heads) {
      const known = this.#lanes.get(head.id);
      if (known === undefined) this.#lanes.set(head.id, new StoredLane(head));
      else known.head = head;
    }
    for (const kind of LANE_KINDS) {
      const { lanes, times, words } = batch.entries[kind];
      const width = LANE_WIDTHS[kind];
      for (let index = 0; index < lanes.length; index += 1) {
        const lane = this.#lanes.get(lanes[index] ?? -1);
        const own = words.subarray(index * width, (index + 1) * width);
        lane?.insert(kind, times[2 * index] ?? 0, times[2 * index + 1] ?? 0, own);
      }
    }
  }

  hold(held: readonly HeldUseView[]): void {
    for (const lane of this.#lanes.values()) lane.held = null;
    for (const use of held) {
      const lane = this.#lanes.get(use.lane);
      if (lane !== undefined) lane.held = use;
    }
  }

  /** Forgets what is older than the view looks back. */
  dropBefore(time: number): void {
    for (const [id, lane] of this.#lanes) {
      lane.dropBefore(time);
      const { goneAt } = lane;
      if (lane.isEmpty && goneAt !== null && goneAt < time) this.#lanes.delete(id);
    }
  }
}

function byNumber(a: StoredLane, b: StoredLane): number {
  return numberOf(a.head.connectionId) - numberOf(b.head.connectionId);
}

/** The n of `<pool>#<n>`. */
export function numberOf(connectionId: string | null): number {
  return connectionId === null ? 0 : Number(connectionId.slice(connectionId.lastIndexOf("#") + 1));
}
