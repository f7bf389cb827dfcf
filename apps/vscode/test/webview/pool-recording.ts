import {
  CELL_MILLIS,
  CELL_WIDTH,
  CELL_WORDS,
  type HeldUseView,
  LANE_WIDTHS,
  type LaneBatch,
  type LaneColumns,
  type LaneEntryKind,
  type LaneHeadView,
  type PoolUpdate,
  type PoolView,
  WAIT_BOUNDS,
} from "../../shared/protocol/pool.ts";

interface Use {
  readonly start: number;
  readonly end: number;
  readonly waitMillis?: number;
  readonly source?: 1 | 2 | 3;
  readonly isLeak?: boolean;
  readonly place?: { path: string; line: number };
  readonly statements?: readonly { start: number; end: number; summary: string; failure?: string }[];
  readonly transaction?: { start: number; end: number };
}

class Columns {
  readonly lanes: number[] = [];
  readonly times: number[] = [];
  readonly words: number[] = [];

  toColumns(): LaneColumns {
    return {
      lanes: Uint32Array.from(this.lanes),
      times: Float64Array.from(this.times),
      words: Uint32Array.from(this.words),
    };
  }
}

/** What a host would tell of one pool, put together by a test. */
export class Recording {
  readonly pool: PoolView;
  readonly held: HeldUseView[] = [];
  readonly #heads: LaneHeadView[] = [];
  readonly #texts: string[] = [];
  readonly #columns: Record<LaneEntryKind, Columns> = {
    use: new Columns(),
    statement: new Columns(),
    transaction: new Columns(),
    cancel: new Columns(),
    busy: new Columns(),
    failed: new Columns(),
  };
  readonly #uses = new Map<number, number>();
  readonly #cells = new Map<number, Uint32Array>();

  constructor(pool: PoolView) {
    this.pool = pool;
  }

  lane(number: number, about: Partial<LaneHeadView> = {}): number {
    const id = this.#heads.length;
    const connectionId = `${this.pool.name}#${number}`;
    const backendPid = 4_100 + number;
    this.#heads.push({
      id,
      pool: this.pool.key,
      connectionId,
      backendPid,
      opened: null,
      closed: null,
      ...about,
    });
    return id;
  }

  use(lane: number, use: Use): void {
    const useCount = (this.#uses.get(lane) ?? 0) + 1;
    this.#uses.set(lane, useCount);
    const { start, end, waitMillis = 0, source = useCount === 1 ? 2 : 1, place } = use;
    const flags = source + (use.isLeak === true ? 4 : 0);
    const path = place === undefined ? 0 : this.#text(place.path);
    this.#push("use", lane, {
      start,
      end,
      words: [Math.round(waitMillis * 1_000), useCount, flags, 0, 0, path, place?.line ?? 0],
    });
    for (const statement of use.statements ?? []) {
      const failure = statement.failure === undefined ? 0 : this.#text(statement.failure);
      const words = [this.#text(statement.summary), failure, 0, 0];
      this.#push("statement", lane, { start: statement.start, end: statement.end, words });
    }
    if (use.transaction !== undefined) {
      this.#push("transaction", lane, { ...use.transaction, words: [this.#text("commit")] });
    }
    const cell = this.#cell(start);
    const bucket = WAIT_BOUNDS.findIndex((bound) => waitMillis <= bound);
    const word = CELL_WORDS.waits + (bucket === -1 ? WAIT_BOUNDS.length : bucket);
    cell[word] = (cell[word] ?? 0) + 1;
    cell[CELL_WORDS.checkouts] = (cell[CELL_WORDS.checkouts] ?? 0) + 1;
    if (source !== 2) cell[CELL_WORDS.reused] = (cell[CELL_WORDS.reused] ?? 0) + 1;
  }

  cancel(lane: number, start: number, end: number): void {
    this.#push("cancel", lane, { start, end, words: [] });
  }

  failed(lane: number, start: number, end: number): void {
    this.#push("failed", lane, { start, end, words: [this.#text("acquire_timeout"), 0, 0] });
    const cell = this.#cell(end);
    cell[CELL_WORDS.timeouts] = (cell[CELL_WORDS.timeouts] ?? 0) + 1;
  }

  numbers(
    at: number,
    numbers: { used: number; idle: number; connecting: number; waiting: number; max: number },
  ): void {
    const cell = this.#cell(at);
    cell[CELL_WORDS.used] = numbers.used + 1;
    cell[CELL_WORDS.idle] = numbers.idle + 1;
    cell[CELL_WORDS.connecting] = numbers.connecting + 1;
    cell[CELL_WORDS.waiting] = numbers.waiting + 1;
    cell[CELL_WORDS.peakWaiting] = numbers.waiting + 1;
    cell[CELL_WORDS.max] = numbers.max + 1;
  }

  update(at: number, changes: Partial<PoolUpdate> = {}): PoolUpdate {
    const numbers = [...this.#cells.keys()].sort((a, b) => a - b);
    const first = numbers[0] ?? Math.floor(at / CELL_MILLIS);
    const count = (numbers.at(-1) ?? first) - first + 1;
    const cells = new Uint32Array(count * CELL_WIDTH);
    for (const [number, cell] of this.#cells) cells.set(cell, (number - first) * CELL_WIDTH);
    return {
      type: "update",
      isWhole: true,
      at,
      historyMillis: 600_000,
      pools: [this.pool],
      series: [{ pool: this.pool.key, first, cells }],
      lanes: this.#batch(),
      held: this.held,
      ...changes,
    };
  }

  #batch(): LaneBatch {
    const { use, statement, transaction, cancel, busy, failed } = this.#columns;
    return {
      heads: this.#heads,
      texts: this.#texts,
      entries: {
        use: use.toColumns(),
        statement: statement.toColumns(),
        transaction: transaction.toColumns(),
        cancel: cancel.toColumns(),
        busy: busy.toColumns(),
        failed: failed.toColumns(),
      },
    };
  }

  #push(
    kind: LaneEntryKind,
    lane: number,
    entry: { start: number; end: number; words: readonly number[] },
  ): void {
    const columns = this.#columns[kind];
    columns.lanes.push(lane);
    columns.times.push(entry.start, entry.end);
    for (let field = 0; field < LANE_WIDTHS[kind]; field += 1) columns.words.push(entry.words[field] ?? 0);
  }

  #text(text: string): number {
    const index = this.#texts.indexOf(text);
    if (index !== -1) return index + 1;
    this.#texts.push(text);
    return this.#texts.length;
  }

  #cell(at: number): Uint32Array {
    const number = Math.floor(at / CELL_MILLIS);
    const cell = this.#cells.get(number) ?? new Uint32Array(CELL_WIDTH);
    this.#cells.set(number, cell);
    return cell;
  }
}
