import type { PoolStats } from "@rockpool/core";
import type { LoadCounts } from "../load/load-driver.ts";

type Sizes = "max" | "idle" | "acquired" | "connecting" | "validating" | "resetting" | "closing" | "waiting";
type Counters = "acquires" | "creates" | "leaksSuspected";

/** What the live view shows of one moment. */
export interface PoolMoment {
  readonly stats: Pick<PoolStats, Sizes | Counters>;
  readonly load: LoadCounts;
  /** Since the moment before. */
  readonly acquiresPerSecond: number;
  readonly requestsPerSecond: number;
  readonly waitMillis: { readonly p50: number; readonly p99: number };
  readonly seconds: number;
  /** The connection that was held too long last, and where it was acquired; null where there was none. */
  readonly lastLeak: string | null;
}

const WAITERS_SHOWN = 20;

/** The moment in a few lines, the same number each time so that they can be drawn over one another. */
export function drawPool({
  stats,
  load,
  acquiresPerSecond,
  requestsPerSecond,
  waitMillis,
  seconds,
  lastLeak,
}: PoolMoment): string[] {
  const used = usedOf(stats);
  return [
    `pool playground   ${clockTime(seconds)}   load: ${load.phase}`,
    "",
    `  slots    ${slotBar(stats)}  ${used} used, ${stats.idle} idle, ${stats.connecting} connecting, max ${stats.max}`,
    `  waiting  ${waiterBar(stats.waiting)}  ${stats.waiting} waiting`,
    `  acquire  ${Math.round(acquiresPerSecond)}/s, wait p50 ${millis(waitMillis.p50)}, p99 ${millis(waitMillis.p99)}`,
    `  requests ${Math.round(requestsPerSecond)}/s, ${load.inFlight} under way, ${load.failures} failed`,
    `  so far   ${stats.acquires} acquires, ${stats.creates} connections opened, ${stats.leaksSuspected} leaks suspected`,
    `  leak     ${lastLeak ?? "none"}`,
  ];
}

/** The moment in one line, for a log. */
export function describePool({ stats, load, acquiresPerSecond, waitMillis, seconds }: PoolMoment): string {
  return [
    clockTime(seconds),
    slotBar(stats),
    `used ${usedOf(stats)}/${stats.max}`,
    `idle ${stats.idle}`,
    `waiting ${stats.waiting}`,
    `${Math.round(acquiresPerSecond)} acquires/s`,
    `wait p50 ${millis(waitMillis.p50)} p99 ${millis(waitMillis.p99)}`,
    load.phase,
  ].join("  ");
}

function usedOf({ acquired, validating, resetting, closing }: PoolMoment["stats"]): number {
  return acquired + validating + resetting + closing;
}

/** One character a slot: used, idle, connecting, not open. */
function slotBar(stats: PoolMoment["stats"]): string {
  const bar = "█".repeat(usedOf(stats)) + "▒".repeat(stats.idle) + "+".repeat(stats.connecting);
  return bar.padEnd(stats.max, "·");
}

function waiterBar(waiting: number): string {
  const shown = Math.min(waiting, WAITERS_SHOWN);
  return `${"▪".repeat(shown)}${waiting > shown ? "…" : ""}`.padEnd(WAITERS_SHOWN + 1);
}

function clockTime(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${String(Math.floor(whole / 60)).padStart(2, "0")}:${String(whole % 60).padStart(2, "0")}`;
}

function millis(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}
