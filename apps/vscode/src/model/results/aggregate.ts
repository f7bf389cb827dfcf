import type { Cell, SummaryView } from "../../../shared/protocol/results.ts";
import { compareValues } from "./arrange/value-order.ts";
import { DecimalSum, divideDecimal, formatDecimal, trimDecimal } from "./decimal.ts";
import type { ValueKind } from "./value-kind.ts";

/** Beyond this many different values they are not told apart any more. */
const MAX_DISTINCT = 100_000;
/** Digits of a mean beyond those of the sum. */
const MEAN_DIGITS = 4;

/**
 * What a range of cells comes to.
 *
 * Sums are exact, however many digits the numbers have. Smallest and largest need values that can be compared: those of the
 * columns with numbers, or of the one column that is marked.
 */
export class Aggregate {
  readonly #isSingleColumn: boolean;
  readonly #sum = new DecimalSum();
  readonly #distinct: Set<string> | null;
  #cells = 0;
  #nulls = 0;
  #numbers = 0;
  /** The sum of numbers that have no exact value, such as those with an exponent. */
  #inexact: number | null = null;
  #least: string | null = null;
  #most: string | null = null;

  constructor(columnCount: number) {
    this.#isSingleColumn = columnCount === 1;
    this.#distinct = this.#isSingleColumn ? new Set() : null;
  }

  add(values: readonly Cell[], kind: ValueKind): void {
    const isCompared = kind === "number" || this.#isSingleColumn;
    this.#cells += values.length;
    for (const value of values) {
      if (value === null) {
        this.#nulls++;
        continue;
      }
      if (this.#distinct !== null && this.#distinct.size < MAX_DISTINCT) this.#distinct.add(value);
      if (kind === "number") this.#addNumber(value);
      if (isCompared) this.#compare(value, kind);
    }
  }

  view(): SummaryView {
    const isExact = this.#inexact === null;
    const { total } = this.#sum;
    const sum = isExact ? formatDecimal(total) : String((this.#inexact ?? 0) + Number(formatDecimal(total)));
    const mean = isExact
      ? formatDecimal(trimDecimal(divideDecimal(total, Math.max(1, this.#numbers), MEAN_DIGITS)))
      : String(Number(sum) / this.#numbers);
    const distinct = this.#distinct === null ? null : this.#distinct.size;
    return {
      cells: this.#cells,
      nulls: this.#nulls,
      distinct,
      isDistinctCut: distinct === MAX_DISTINCT,
      sum: this.#numbers === 0 ? null : sum,
      mean: this.#numbers === 0 ? null : mean,
      isExact,
      least: this.#least,
      most: this.#most,
    };
  }

  #addNumber(value: string): void {
    this.#numbers++;
    if (this.#sum.add(value)) return;
    const number = Number(value);
    if (Number.isNaN(number) && value !== "NaN") this.#numbers--;
    else this.#inexact = (this.#inexact ?? 0) + number;
  }

  #compare(value: string, kind: ValueKind): void {
    const isFirst = this.#least === null || this.#most === null;
    if (isFirst || compareValues(value, this.#least ?? "", kind) < 0) this.#least = value;
    if (isFirst || compareValues(value, this.#most ?? "", kind) > 0) this.#most = value;
  }
}
