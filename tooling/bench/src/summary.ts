import type { BenchCase, Column, SliceReport } from "./bench-case.ts";

/** The middle of the samples, and between what the middle half of them lies. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** One contestant's figures over all slices; the ratio is to the baseline of the same slice. */
export interface Line {
  readonly contestant: string;
  readonly cells: readonly {
    readonly column: Column;
    readonly value: Spread;
    readonly ratio: Spread | null;
  }[];
}

export interface CaseSummary {
  readonly bench: BenchCase;
  readonly lines: readonly Line[];
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = Float64Array.from(samples).sort();
  const at = (share: number): number => sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN;
  return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/** Sums the slices of one case up. */
export function summarise(bench: BenchCase, slices: readonly SliceReport[]): CaseSummary {
  const names = [...new Set(slices.flatMap((slice) => slice.results.map((result) => result.contestant)))];
  const order = (name: string): number =>
    slices[0]?.results.findIndex((result) => result.contestant === name) ?? 0;
  names.sort((a, b) => order(a) - order(b));
  return { bench, lines: names.map((contestant) => lineOf(bench, contestant, slices)) };
}

function lineOf(bench: BenchCase, contestant: string, slices: readonly SliceReport[]): Line {
  const cells = bench.columns.map((column) => {
    const values = slices.flatMap((slice) => figure(slice, contestant, column.name) ?? []);
    const ratios = slices.flatMap((slice) => {
      const own = figure(slice, contestant, column.name);
      const base = figure(slice, bench.baseline, column.name);
      return own === null || base === null || base === 0 ? [] : own / base;
    });
    const usable = ratios.filter(Number.isFinite);
    return { column, value: spreadOf(values), ratio: usable.length === 0 ? null : spreadOf(usable) };
  });
  return { contestant, cells };
}

function figure(slice: SliceReport, contestant: string, column: string): number | null {
  return slice.results.find((result) => result.contestant === contestant)?.figures[column] ?? null;
}
