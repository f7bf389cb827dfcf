import type { TapeEntry, TapeKind } from "@rockpool/otel/timeline";
import {
  LANE_WIDTHS,
  type LaneBatch,
  type LaneColumns,
  type LaneHeadView,
} from "../../../shared/protocol/pool.ts";

/** Entries of one kind as they come. */
class ColumnWriter {
  readonly #width: number;
  readonly #lanes: number[] = [];
  readonly #times: number[] = [];
  readonly #words: number[] = [];

  constructor(width: number) {
    this.#width = width;
  }

  push(lane: number, entry: TapeEntry, words: readonly number[]): void {
    this.#lanes.push(lane);
    this.#times.push(entry.start, entry.end);
    for (let field = 0; field < this.#width; field += 1) this.#words.push(words[field] ?? 0);
  }

  take(): LaneColumns {
    const columns = {
      lanes: new Uint32Array(this.#lanes),
      times: new Float64Array(this.#times),
      words: new Uint32Array(this.#words),
    };
    this.#lanes.length = 0;
    this.#times.length = 0;
    this.#words.length = 0;
    return columns;
  }
}

/** Collects what is written to lanes until it is taken to be sent. */
export class LaneWriter {
  readonly #heads = new Map<number, LaneHeadView>();
  readonly #texts: string[] = [];
  readonly #textNumbers = new Map<string, number>();
  readonly #columns: Readonly<Record<TapeKind, ColumnWriter>> = {
    use: new ColumnWriter(LANE_WIDTHS.use),
    statement: new ColumnWriter(LANE_WIDTHS.statement),
    transaction: new ColumnWriter(LANE_WIDTHS.transaction),
    cancel: new ColumnWriter(LANE_WIDTHS.cancel),
    busy: new ColumnWriter(LANE_WIDTHS.busy),
    failed: new ColumnWriter(LANE_WIDTHS.failed),
  };
  #count = 0;

  /** How many entries wait to be taken. */
  get size(): number {
    return this.#count;
  }

  head(head: LaneHeadView): void {
    this.#heads.set(head.id, head);
  }

  /** @param words - of the entry, with its texts numbered by `textNumber`. */
  entry(lane: number, entry: TapeEntry, words: readonly number[]): void {
    this.#count += 1;
    this.#columns[entry.kind].push(lane, entry, words);
  }

  /** The number of a text in the table of whoever reads this; 0 for none. */
  textNumber(text: string | null): number {
    if (text === null) return 0;
    const known = this.#textNumbers.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    const number = this.#textNumbers.size + 1;
    this.#textNumbers.set(text, number);
    return number;
  }

  take(): LaneBatch {
    const columns = this.#columns;
    const batch = {
      heads: [...this.#heads.values()],
      texts: this.#texts.splice(0),
      entries: {
        use: columns.use.take(),
        statement: columns.statement.take(),
        transaction: columns.transaction.take(),
        cancel: columns.cancel.take(),
        busy: columns.busy.take(),
        failed: columns.failed.take(),
      },
    };
    this.#heads.clear();
    this.#count = 0;
    return batch;
  }
}
