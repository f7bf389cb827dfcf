import { beforeEach, expect, test } from "vitest";
import type { PoolView } from "../../../shared/protocol/pool.ts";
import { PoolMonitor } from "../../../src/model/pool/pool-monitor.ts";
import { poolRecorder } from "../../../src/model/pool/pool-recorder.ts";
import { type PoolSource, PoolSources } from "../../../src/model/pool/pool-source.ts";
import { ManualClock } from "../fake-database.ts";

/** A source that counts how often it is asked for its pools. */
class CountingSource implements PoolSource {
  readonly recorder = poolRecorder();
  asked = 0;
  event = (): void => {};

  pools(): readonly PoolView[] {
    this.asked += 1;
    return [];
  }

  keyOf(): string {
    return "pool";
  }

  onDidChange(listener: () => void): () => void {
    this.event = listener;
    return () => {};
  }
}

const tree = {};
const dashboard = {};
let clock: ManualClock;
let source: CountingSource;
let monitor: PoolMonitor;
let told: number;

beforeEach(() => {
  clock = new ManualClock();
  source = new CountingSource();
  const sources = new PoolSources();
  sources.add(source);
  monitor = new PoolMonitor({ sources, clock });
  told = 0;
  monitor.onDidChange(() => {
    told += 1;
    expect(monitor.pools).toEqual([]);
  });
});

test("nothing happens while nobody watches: no timer runs, and no pool is looked at, whatever its program reports", () => {
  for (let report = 0; report < 100; report += 1) {
    source.event();
    clock.advance(1_000);
  }
  expect([clock.timerCount, source.asked, told]).toEqual([0, 0, 0]);
});

test("who watches is told at once, twice a second, and once soon after a burst of events", () => {
  monitor.watch(tree);
  expect(told).toBe(1);
  clock.advance(500);
  clock.advance(500);
  expect(told).toBe(3);
  for (let event = 0; event < 20; event += 1) source.event();
  clock.advance(50);
  expect(told).toBe(4);
});

test("the last who looks away stops all of it, also what an event had begun", () => {
  monitor.watch(tree);
  monitor.watch(dashboard);
  monitor.unwatch(tree);
  clock.advance(500);
  expect(told).toBe(2);
  source.event();
  monitor.unwatch(dashboard);
  expect(clock.timerCount).toBe(0);
  clock.advance(10_000);
  expect(told).toBe(2);
  monitor.watch(tree);
  expect(told).toBe(3);
});

test("after it is disposed of, no event starts anything", () => {
  monitor.watch(tree);
  monitor.dispose();
  source.event();
  expect(clock.timerCount).toBe(0);
  clock.advance(1_000);
  expect(told).toBe(1);
});
