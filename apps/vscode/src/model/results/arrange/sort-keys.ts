import type { Slices } from "../slices.ts";
import type { RowTable } from "../table/row-table.ts";
import type { ValueKind } from "../value-kind.ts";
import type { CompareRows } from "./sort-rows.ts";
import { TextKeys } from "./text-keys.ts";
import { breakTie, compareTexts, isOrderedAsNumber, orderKey, textCollator } from "./value-order.ts";

/** Texts are ordered by so many characters at most, so that keys of long values stay small. */
const KEY_LENGTH = 200;
/** A double holds every number of so many digits. */
const EXACT_LENGTH = 15;

export interface SortColumn {
  readonly column: number;
  readonly kind: ValueKind;
  readonly direction: "ascending" | "descending";
}

/** Reads what a column is ordered by, and gives the order of two rows. NULL comes last in both directions. */
export async function compareBy(table: RowTable, sort: SortColumn, slices: Slices): Promise<CompareRows> {
  return isOrderedAsNumber(sort.kind) ? byNumber(table, sort, slices) : byText(table, sort, slices);
}

async function byNumber(
  table: RowTable,
  { column, kind, direction }: SortColumn,
  slices: Slices,
): Promise<CompareRows> {
  const keys = new Float64Array(table.rowCount);
  /** The texts of numbers that a double may not hold exactly. */
  const long = new Map<number, string>();
  for await (const { page, firstRow } of table.pages()) {
    page.values(column, 0, page.rowCount).forEach((value, index) => {
      const row = firstRow + index;
      keys[row] = value === null ? Number.NaN : orderKey(value, kind);
      if (kind === "number" && value !== null && value.length > EXACT_LENGTH) long.set(row, value);
      else if (value === "NaN") long.set(row, value);
    });
    await slices.breathe();
  }
  const sign = direction === "ascending" ? 1 : -1;
  return (a, b) => {
    const [left = 0, right = 0] = [keys[a], keys[b]];
    if (left < right) return -sign;
    if (left > right) return sign;
    if (left !== right) return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
    if (long.size === 0) return 0;
    return sign * breakTie(long.get(a) ?? String(left), long.get(b) ?? String(right));
  };
}

async function byText(
  table: RowTable,
  { column, direction }: SortColumn,
  slices: Slices,
): Promise<CompareRows> {
  const texts: (string | null)[] = [];
  const keys = new TextKeys(textCollator(), table.rowCount);
  for await (const { page } of table.pages()) {
    for (const value of page.values(column, 0, page.rowCount)) {
      if (value !== null) keys.set(texts.length, value);
      texts.push(value !== null && value.length > KEY_LENGTH ? value.slice(0, KEY_LENGTH) : value);
    }
    await slices.breathe();
  }
  const sign = direction === "ascending" ? 1 : -1;
  return (a, b) => {
    const order = keys.compare(a, b);
    if (order !== 0) return sign * order;
    const [left = null, right = null] = [texts[a], texts[b]];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return left === right ? 0 : sign * compareTexts(left, right);
  };
}
