import type { Playground } from "../playground.ts";
import type { Clock } from "../time/clock.ts";
import { describePool, drawPool, type PoolMoment } from "./describe-pool.ts";

/** Where the view is shown. */
export interface Screen {
  readonly isTTY: boolean;
  write(text: string): void;
}

const REDRAW_MILLIS = 250;
const LINE_MILLIS = 1_000;
const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";

/** Shows the pool until the signal aborts: redrawn in place in a terminal, a line a second elsewhere. */
export async function showPool(
  playground: Playground,
  screen: Screen,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<void> {
  const moments = new Moments(playground, clock);
  if (screen.isTTY) screen.write(HIDE_CURSOR);
  try {
    for (let isFirst = true; ; isFirst = false) {
      await clock.sleep(screen.isTTY ? REDRAW_MILLIS : LINE_MILLIS, signal);
      screen.write(screen.isTTY ? redraw(moments.next(), isFirst) : `${describePool(moments.next())}\n`);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    if (screen.isTTY) screen.write(SHOW_CURSOR);
  }
}

function redraw(moment: PoolMoment, isFirst: boolean): string {
  const lines = drawPool(moment);
  const toTop = isFirst ? "" : `\u001b[${lines.length}A`;
  return toTop + lines.map((line) => `\u001b[2K${line}\n`).join("");
}

/** The rates between one look and the next. */
class Moments {
  readonly #playground: Playground;
  readonly #clock: Clock;
  #at: number;
  #acquires = 0;
  #requests = 0;

  constructor(playground: Playground, clock: Clock) {
    this.#playground = playground;
    this.#clock = clock;
    this.#at = clock.now();
  }

  next(): PoolMoment {
    const { pool, meter } = this.#playground;
    const [now, stats, load, waits] = [
      this.#clock.now(),
      pool.stats(),
      this.#playground.load(),
      meter.takeRecentWaits(),
    ];
    const perSecond = (count: number): number => (count * 1_000) / Math.max(1, now - this.#at);
    const moment = {
      stats,
      load,
      acquiresPerSecond: perSecond(meter.checkouts - this.#acquires),
      requestsPerSecond: perSecond(load.requests - this.#requests),
      waitMillis: { p50: waits.quantile(0.5), p99: waits.quantile(0.99) },
      seconds: this.#playground.seconds(),
      lastLeak: meter.lastLeak,
    };
    [this.#at, this.#acquires, this.#requests] = [now, meter.checkouts, load.requests];
    return moment;
  }
}
