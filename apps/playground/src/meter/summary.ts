import type { Meter } from "./meter.ts";

/** What a run amounts to. */
export interface Summary {
  readonly seconds: number;
  readonly checkouts: number;
  readonly connectionsOpened: number;
  /** The most connections that the pool may have. */
  readonly max: number;
  /** The share of checkouts that needed no new connection. */
  readonly reuseRatio: number;
  readonly acquireWaitMillis: { readonly p50: number; readonly p99: number };
  readonly requests: number;
  readonly queries: number;
  readonly errors: number;
  readonly leaksDetected: number;
}

export interface SummaryContext {
  readonly seconds: number;
  readonly max: number;
  readonly requests: number;
}

export function summarise(meter: Meter, { seconds, max, requests }: SummaryContext): Summary {
  const { checkouts, opened, queries, errors, leaks, waits } = meter;
  return {
    seconds: round(seconds, 1),
    checkouts,
    connectionsOpened: opened,
    max,
    reuseRatio: checkouts === 0 ? 0 : round(Math.max(0, 1 - opened / checkouts), 4),
    acquireWaitMillis: { p50: round(waits.quantile(0.5), 2), p99: round(waits.quantile(0.99), 2) },
    requests,
    queries,
    errors,
    leaksDetected: leaks,
  };
}

/** The summary for a person. */
export function describeSummary(summary: Summary): string {
  const { acquireWaitMillis: wait } = summary;
  const rows: readonly (readonly [string, string])[] = [
    ["checkouts", `${summary.checkouts} in ${summary.seconds} s`],
    ["connections opened", `${summary.connectionsOpened} (at most ${summary.max} at once)`],
    ["reuse ratio", `${(summary.reuseRatio * 100).toFixed(2)} %`],
    ["acquire wait", `p50 ${wait.p50} ms, p99 ${wait.p99} ms`],
    ["requests", String(summary.requests)],
    ["queries", String(summary.queries)],
    ["errors", String(summary.errors)],
    ["leaks detected", String(summary.leaksDetected)],
  ];
  return rows.map(([name, value]) => `${name.padEnd(20)}${value}`).join("\n");
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
