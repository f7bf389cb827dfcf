import { expect, test } from "vitest";
import {
  CELL_WIDTH,
  CELL_WORDS,
  type PoolHostMessage,
  type PoolUpdate,
  type PoolView,
} from "../../../shared/protocol/pool.ts";
import { DashboardSession } from "../../../src/model/pool/dashboard-session.ts";
import { exportHtml, exportJson } from "../../../src/model/pool/pool-export.ts";
import { PoolHistories } from "../../../src/model/pool/pool-histories.ts";
import { poolRecorder } from "../../../src/model/pool/pool-recorder.ts";
import { type PoolSource, PoolSources } from "../../../src/model/pool/pool-source.ts";
import { SpanLoad } from "../../measure/load.ts";
import { pool } from "../../webview/pool-sample.ts";

const BEGIN = 1_800_000_000_000;

class LoadSource implements PoolSource {
  readonly recorder = poolRecorder();
  readonly load = new SpanLoad({ lanes: 4, perSecond: 100 });
  readonly view: PoolView = pool({
    key: "own load",
    name: "load",
    slots: [],
    used: 1,
    idle: 3,
    waiting: 0,
    max: 4,
  });

  pools(): readonly PoolView[] {
    return [this.view];
  }

  keyOf({ poolName }: { poolName: string }): string {
    return `own ${poolName}`;
  }

  onDidChange(): () => void {
    return () => {};
  }

  run(checkouts: number): void {
    for (let one = 0; one < checkouts; one += 1) this.recorder.add(this.load.next(BEGIN));
  }

  get now(): number {
    return BEGIN + this.load.count * 10;
  }
}

function made() {
  const source = new LoadSource();
  const sources = new PoolSources();
  sources.add(source);
  const histories = new PoolHistories(sources);
  const updates: PoolUpdate[] = [];
  const post = (message: PoolHostMessage): void => {
    if (message.type === "update") updates.push(message);
  };
  const session = new DashboardSession({ sources, histories, post });
  return { source, sources, histories, session, updates };
}

function usesIn({ lanes }: PoolUpdate): number {
  return lanes.entries.use.lanes.length;
}

test("a view that shows is told everything, then what comes; one that does not is told nothing", () => {
  const { source, session, updates } = made();
  source.run(200);
  session.show([source.view], source.now);
  source.run(50);
  session.update([source.view], source.now);
  expect(updates.map(({ isWhole }) => isWhole)).toEqual([true, false]);
  expect(updates.map(usesIn)).toEqual([200, 50]);
  session.hide();
  source.run(300);
  session.update([source.view], source.now);
  expect(updates).toHaveLength(2);
  session.show([source.view], source.now);
  expect(updates[2]?.isWhole).toBe(true);
  expect(usesIn(updates[2] ?? updates[0] ?? never())).toBe(550);
});

function never(): never {
  throw new Error("no update");
}

test("two views are told the same, each from its own beginning", () => {
  const one = made();
  one.source.run(100);
  const updates: PoolUpdate[] = [];
  const other = new DashboardSession({
    sources: one.sources,
    histories: one.histories,
    post: (message) => {
      if (message.type === "update") updates.push(message);
    },
  });
  one.session.show(one.histories.look(one.source.now), one.source.now);
  one.source.run(100);
  other.show(one.histories.look(one.source.now), one.source.now);
  one.source.run(100);
  const pools = one.histories.look(one.source.now);
  one.session.update(pools, one.source.now);
  other.update(pools, one.source.now);
  expect(one.updates.map(usesIn)).toEqual([100, 200]);
  expect(updates.map(usesIn)).toEqual([200, 100]);
  const checkouts = (list: readonly PoolUpdate[]) => {
    const cells = new Map<number, number>();
    for (const { series } of list) {
      for (const { first, cells: words } of series) {
        for (let index = 0; index * CELL_WIDTH < words.length; index += 1) {
          cells.set(first + index, words[index * CELL_WIDTH + CELL_WORDS.checkouts] ?? 0);
        }
      }
    }
    return [...cells.values()].reduce((sum, count) => sum + count, 0);
  };
  expect(checkouts(one.updates)).toBe(300);
  expect(checkouts(updates)).toBe(300);
});

test("a large past comes in several messages, of which the first is whole", () => {
  const { source, session, updates } = made();
  source.run(40_000);
  session.show([source.view], source.now);
  expect(updates.length).toBeGreaterThan(1);
  expect(updates.map(({ isWhole }) => isWhole)).toEqual([true, ...updates.slice(1).map(() => false)]);
  expect(updates.reduce((sum, update) => sum + usesIn(update), 0)).toBe(40_000);
});

test("how full a pool was while nobody looked is read from its lanes when somebody does", () => {
  const { source, histories } = made();
  histories.look(source.now);
  source.run(1_000);
  histories.look(source.now);
  const cells = histories.series("own load")?.cellsSince(0, source.now) ?? null;
  const used: number[] = [];
  for (let index = 0; index * CELL_WIDTH < (cells?.cells.length ?? 0); index += 1) {
    used.push((cells?.cells[index * CELL_WIDTH + CELL_WORDS.used] ?? 0) - 1);
  }
  expect(used.length).toBeGreaterThanOrEqual(20);
  expect(Math.max(...used)).toBeGreaterThan(1);
  expect(Math.max(...used)).toBeLessThanOrEqual(4);
});

test("what else is known of a use is told on demand", () => {
  const { source, session, updates } = made();
  source.run(8);
  session.show([source.view], source.now);
  const { lanes, times } = updates[0]?.lanes.entries.use ?? never();
  const details = session.details(lanes[5] ?? 0, times[10] ?? 0);
  expect(details?.traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(session.details(lanes[5] ?? 0, 1)).toBeNull();
  expect(session.details(99, times[10] ?? 0)).toBeNull();
});

test("an export holds the lanes and the numbers of its pool and its time", () => {
  const { source, histories } = made();
  histories.look(source.now);
  source.run(400);
  histories.look(source.now);
  const period = { from: BEGIN + 1_000, to: BEGIN + 2_000 };
  const request = { title: "load", pools: [{ pool: source.view, source }], ...period };
  const { pools } = JSON.parse(exportJson(request, histories));
  expect(pools).toHaveLength(1);
  const [document] = pools;
  expect(document.lanes).toHaveLength(4);
  const starts: number[] = document.lanes.flatMap((lane: { checkouts: { acquiredUnixMillis: number }[] }) =>
    lane.checkouts.map(({ acquiredUnixMillis }) => acquiredUnixMillis),
  );
  expect(starts.length).toBeGreaterThan(90);
  expect(Math.max(...starts)).toBeLessThanOrEqual(BEGIN + 2_000);
  expect(document.lanes[0].checkouts[0].queries[0].summary).toBe("SELECT orders");
  expect(document.numbers.cells.length).toBeGreaterThanOrEqual(2);
  const page = exportHtml(request);
  expect(page).toContain("<title>load</title>");
  expect(page).toContain("load#4");
  expect(page).not.toContain("load#5");
  expect(page).not.toContain("not shown");
  // A minute of it is more than a page can hold.
  source.run(6_000 - source.load.count);
  const long = exportHtml({ ...request, from: BEGIN, to: BEGIN + 60_000 });
  const [, leftOut = ""] = /<dt>uses not shown<\/dt><dd>([\d,]+)<\/dd>/.exec(long) ?? [];
  expect(Number(leftOut.replaceAll(",", ""))).toBe(6_000 - 4 * 400);
});
