import { expect, test } from "vitest";
import { CELL_MILLIS, CELL_WIDTH, CELL_WORDS, WAIT_BOUNDS } from "../../../shared/protocol/pool.ts";
import { PoolSeries, type SeriesCells, waitBucket } from "../../../src/model/pool/pool-series.ts";
import { pool } from "../../webview/pool-sample.ts";

const BEGIN = 1_800_000_000_000;
const HISTORY = 10_000;

/** A word of the nth cell. */
function word(cells: SeriesCells | null, index: number, name: keyof typeof CELL_WORDS): number | undefined {
  return cells?.cells[index * CELL_WIDTH + CELL_WORDS[name]];
}

test("a cell in which nothing was looked at is as the one before it, but counts start from zero", () => {
  const series = new PoolSeries(HISTORY);
  series.numbers(pool({ used: 3, idle: 1, waiting: 2, connecting: null }), BEGIN, true);
  series.use(BEGIN, { waitMillis: 4, isReused: true });
  const cells = series.cellsSince(0, BEGIN + 2 * CELL_MILLIS);
  expect([0, 1, 2].map((index) => word(cells, index, "used"))).toEqual([4, 4, 4]);
  expect(word(cells, 2, "connecting")).toBe(0);
  expect([0, 1, 2].map((index) => word(cells, index, "checkouts"))).toEqual([1, 0, 0]);
});

test("checkouts are counted by their wait, and by whether their connection was there", () => {
  const series = new PoolSeries(HISTORY);
  series.use(BEGIN, { waitMillis: 0.05, isReused: false });
  series.use(BEGIN + 10, { waitMillis: 99, isReused: true });
  series.use(BEGIN + 20, { waitMillis: 60_000, isReused: true });
  series.failed(BEGIN + 30, "acquire_timeout");
  series.failed(BEGIN + 40, "pool_closed");
  const cells = series.cellsSince(0, BEGIN);
  expect(word(cells, 0, "checkouts")).toBe(3);
  expect(word(cells, 0, "reused")).toBe(2);
  expect(word(cells, 0, "timeouts")).toBe(1);
  expect(word(cells, 0, "errors")).toBe(1);
  const waits = cells?.cells.subarray(CELL_WORDS.waits, CELL_WIDTH);
  expect(waits?.[0]).toBe(1);
  expect(waits?.[waitBucket(99)]).toBe(1);
  expect(waits?.[WAIT_BOUNDS.length]).toBe(1);
});

test("what a program counts is told where no lane does, from the second look on", () => {
  const series = new PoolSeries(HISTORY);
  const view = (checkouts: number, counts: number[]) =>
    pool({
      counters: { checkouts, reused: checkouts, timeouts: 0, errors: null },
      waitTime: { boundsMillis: [1, 100], bucketCounts: counts },
    });
  series.numbers(view(1_000, [900, 90, 10]), BEGIN, false);
  series.numbers(view(1_007, [905, 92, 10]), BEGIN + CELL_MILLIS, false);
  series.numbers(view(3, [3, 0, 0]), BEGIN + 2 * CELL_MILLIS, false);
  const cells = series.cellsSince(0, BEGIN + 2 * CELL_MILLIS);
  expect([0, 1, 2].map((index) => word(cells, index, "checkouts"))).toEqual([0, 7, 3]);
  const waitsOf = (index: number, millis: number) =>
    cells?.cells[index * CELL_WIDTH + CELL_WORDS.waits + waitBucket(millis)];
  expect([waitsOf(1, 1), waitsOf(1, 100), waitsOf(2, 1)]).toEqual([5, 2, 3]);
});

test("only what was written since is told again, however late it comes", () => {
  const series = new PoolSeries(HISTORY);
  series.numbers(pool(), BEGIN, true);
  const first = series.cellsSince(0, BEGIN + 8 * CELL_MILLIS);
  expect(first?.first).toBe(BEGIN / CELL_MILLIS);
  const second = series.cellsSince(first?.revision ?? 0, BEGIN + 9 * CELL_MILLIS);
  expect(second?.first).toBe(BEGIN / CELL_MILLIS + 9);
  series.use(BEGIN + 3 * CELL_MILLIS, { waitMillis: 1, isReused: true });
  const third = series.cellsSince(second?.revision ?? 0, BEGIN + 9 * CELL_MILLIS);
  expect(third?.first).toBe(BEGIN / CELL_MILLIS + 3);
  expect(word(third, 0, "checkouts")).toBe(1);
});

test("it keeps its history and no more, and takes the same room after a day", () => {
  const series = new PoolSeries(HISTORY);
  const { byteLength } = series;
  for (let at = BEGIN; at < BEGIN + 86_400_000; at += 10_000)
    series.use(at, { waitMillis: 1, isReused: true });
  expect(series.byteLength).toBe(byteLength);
  const cells = series.cellsSince(0, BEGIN + 86_400_000);
  expect((cells?.cells.length ?? 0) / CELL_WIDTH).toBe(HISTORY / CELL_MILLIS + 1);
  series.use(BEGIN, { waitMillis: 1, isReused: true });
  expect(series.cellsSince(cells?.revision ?? 0, BEGIN + 86_400_000)?.first).toBe(
    (BEGIN + 86_400_000) / CELL_MILLIS,
  );
});
