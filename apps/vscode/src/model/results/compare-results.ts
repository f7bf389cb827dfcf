import type { Cell } from "../../../shared/protocol/results.ts";
import type { Column } from "../database.ts";
import type { ResultRows } from "./result-rows.ts";
import type { Slices } from "./slices.ts";

/** Larger results are not compared: every key of the first one is held in memory. */
export const MAX_COMPARED_ROWS = 200_000;

type Row = readonly Cell[];

/** How many rows of each sort there are. */
export interface DifferenceCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly same: number;
}

const TEXT = { typeName: "text", isNumeric: false, tableId: 0 };

/** The columns of a table of differences: what happened, in which columns, and then those of both results. */
export function differenceColumns(before: ResultRows, after: ResultRows): Column[] {
  return [
    { ...TEXT, name: "difference" },
    { ...TEXT, name: "changed columns" },
    ...sharedColumns(before, after).map(({ column }) => column),
  ];
}

/** Columns of both by name, those of `after` first; null where a result does not have the column. */
function sharedColumns(before: ResultRows, after: ResultRows) {
  const own = after.columns.map((column, index) => ({
    column,
    after: index,
    before: placeOf(before, column.name),
  }));
  const rest = before.columns
    .map((column, index) => ({ column, after: null, before: index }))
    .filter(({ column }) => placeOf(after, column.name) === null);
  return [...own, ...rest];
}

function placeOf({ columns }: ResultRows, name: string): number | null {
  const index = columns.findIndex((column) => column.name === name);
  return index < 0 ? null : index;
}

/**
 * Compares two results row by row and gives what differs, in batches: `before` and `after` for a row that changed, `added` and
 * `removed` for one that only one of them has. Rows belong together by the values of the key columns, or by their position where
 * there is no key.
 */
export class Comparison {
  readonly #before: ResultRows;
  readonly #after: ResultRows;
  readonly #keys: readonly string[];
  readonly #columns: ReturnType<typeof sharedColumns>;
  readonly #counts = { added: 0, removed: 0, changed: 0, same: 0 };

  constructor(results: { before: ResultRows; after: ResultRows }, keys: readonly string[]) {
    this.#before = results.before;
    this.#after = results.after;
    this.#keys = keys;
    this.#columns = sharedColumns(results.before, results.after);
  }

  get counts(): DifferenceCounts {
    return this.#counts;
  }

  async *run(slices: Slices): AsyncGenerator<Row[], void, undefined> {
    const unmatched = await this.#rowsByKey(slices);
    let row = 0;
    for await (const batch of this.#after.read(null, slices)) {
      const partners = batch.map((cells, index) =>
        take(unmatched, this.#keyOf(cells, this.#after, row + index)),
      );
      row += batch.length;
      yield await this.#compareBatch(batch, partners);
    }
    const left = [...unmatched.values()].flat().sort((a, b) => a - b);
    for (let start = 0; start < left.length; start += 1_000) {
      await slices.breathe();
      const removed = await this.#before.pick(left.slice(start, start + 1_000));
      this.#counts.removed += removed.length;
      yield removed.map((cells) => ["removed", "", ...this.#spread(cells, "before")]);
    }
  }

  async #rowsByKey(slices: Slices): Promise<Map<string, number[]>> {
    const rows = new Map<string, number[]>();
    let row = 0;
    for await (const batch of this.#before.read(null, slices)) {
      for (const cells of batch) {
        const key = this.#keyOf(cells, this.#before, row);
        const same = rows.get(key);
        if (same === undefined) rows.set(key, [row]);
        else same.push(row);
        row++;
      }
    }
    return rows;
  }

  #keyOf(cells: Row, result: ResultRows, row: number): string {
    if (this.#keys.length === 0) return String(row);
    return JSON.stringify(this.#keys.map((name) => cells[placeOf(result, name) ?? -1] ?? null));
  }

  async #compareBatch(batch: readonly Row[], partners: readonly (number | null)[]): Promise<Row[]> {
    const wanted = partners.filter((partner) => partner !== null);
    const found = await this.#before.pick(wanted);
    const differences: Row[] = [];
    let at = 0;
    batch.forEach((cells, index) => {
      const after = this.#spread(cells, "after");
      const partner = partners[index] === null ? undefined : found[at++];
      if (partner !== undefined) this.#pair(this.#spread(partner, "before"), after, differences);
      else {
        this.#counts.added++;
        differences.push(["added", "", ...after]);
      }
    });
    return differences;
  }

  #pair(before: Row, after: Row, differences: Row[]): void {
    const changed = this.#columns.filter((_, index) => before[index] !== after[index]);
    if (changed.length === 0) {
      this.#counts.same++;
      return;
    }
    this.#counts.changed++;
    const names = changed.map(({ column }) => column.name).join(", ");
    differences.push(["before", names, ...before], ["after", names, ...after]);
  }

  #spread(cells: Row, side: "before" | "after"): Row {
    return this.#columns.map((column) => {
      const place = column[side];
      return place === null ? null : (cells[place] ?? null);
    });
  }
}

/** Takes the first row of a key away. */
function take(rows: Map<string, number[]>, key: string): number | null {
  const same = rows.get(key);
  const first = same?.shift() ?? null;
  if (same?.length === 0) rows.delete(key);
  return first;
}
