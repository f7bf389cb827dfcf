import type { BenchCase, Column, RoundReport } from "./bench-case.ts";

/** The middle of the samples and how far they reach to each side of it. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** One contestant's figures over all rounds; the ratio is to the baseline of the same round. */
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
  return { median: at(0.5), low: at(0), high: at(1) };
}

/** Sums the rounds of one case up. */
export function summarise(bench: BenchCase, rounds: readonly RoundReport[]): CaseSummary {
  const names = [...new Set(rounds.flatMap((round) => round.results.map((result) => result.contestant)))];
  const order = (name: string): number =>
    rounds[0]?.results.findIndex((result) => result.contestant === name) ?? 0;
  names.sort((a, b) => order(a) - order(b));
  return { bench, lines: names.map((contestant) => lineOf(bench, contestant, rounds)) };
}

function lineOf(bench: BenchCase, contestant: string, rounds: readonly RoundReport[]): Line {
  const cells = bench.columns.map((column) => {
    const values = rounds.flatMap((round) => figure(round, contestant, column.name) ?? []);
    const ratios = rounds.flatMap((round) => {
      const own = figure(round, contestant, column.name);
      const base = figure(round, bench.baseline, column.name);
      return own === null || base === null || base === 0 ? [] : own / base;
    });
    const usable = ratios.filter(Number.isFinite);
    return { column, value: spreadOf(values), ratio: usable.length === 0 ? null : spreadOf(usable) };
  });
  return { contestant, cells };
}

function figure(round: RoundReport, contestant: string, column: string): number | null {
  return round.results.find((result) => result.contestant === contestant)?.figures[column] ?? null;
}
