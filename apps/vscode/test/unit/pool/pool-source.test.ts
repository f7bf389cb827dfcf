import { TapeRecorder, TimelineTape } from "@rockpool/otel/timeline";
import { expect, test } from "vitest";
import type { PoolView } from "../../../shared/protocol/pool.ts";
import { type PoolSource, PoolSources } from "../../../src/model/pool/pool-source.ts";

const NUMBERS = { max: 4, total: 0, idle: 0, used: 0, connecting: 0, waiting: 0 };
const COUNTERS = { checkouts: null, reused: null, timeouts: null, errors: null };

function view(key: string): PoolView {
  const origin = { kind: "own" } as const;
  const lists = { slots: [], waiters: [] };
  return { key, name: key, origin, target: null, ...NUMBERS, counters: COUNTERS, waitTime: null, ...lists };
}

class FakeSource implements PoolSource {
  readonly recorder: TapeRecorder = new TapeRecorder(new TimelineTape());
  readonly listeners = new Set<() => void>();
  readonly #views: readonly PoolView[];

  constructor(...keys: string[]) {
    this.#views = keys.map(view);
  }

  pools(): readonly PoolView[] {
    return this.#views;
  }

  keyOf({ poolName }: { poolName: string }): string {
    return poolName;
  }

  onDidChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

test("the pools of all sources are seen as one list", () => {
  const sources = new PoolSources();
  sources.add(new FakeSource("a", "b"));
  const removeC = sources.add(new FakeSource("c"));
  expect(sources.pools.map(({ key }) => key)).toEqual(["a", "b", "c"]);
  removeC();
  expect(sources.pools.map(({ key }) => key)).toEqual(["a", "b"]);
});

test("who watches hears of changes, of sources that come, and of sources that go", () => {
  const sources = new PoolSources();
  const source = new FakeSource("a");
  let heard = 0;
  const stop = sources.onDidChange(() => {
    heard += 1;
  });
  const remove = sources.add(source);
  expect(heard).toBe(1);
  for (const listener of source.listeners) listener();
  expect(heard).toBe(2);
  remove();
  expect(heard).toBe(3);
  expect(source.listeners.size).toBe(0);
  stop();
  sources.add(new FakeSource("b"));
  expect(heard).toBe(3);
});
