import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PoolHistory, PoolHostMessage, PoolSample, SlotStateView } from "../../shared/protocol/pool.ts";
import { laneSegments } from "../../webviews/pool/lane-segments.ts";
import { DARK, THEMES } from "./themes.ts";
import { openBrowser, openView, type ViewPage } from "./view-page.ts";

let browser: Browser;
let view: ViewPage;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

const NOW = 1_800_000_000_000;

/** Two minutes of a pool that was calm, busy, and then full. */
function samples(): PoolSample[] {
  return Array.from({ length: 240 }, (_, index) => {
    const lane = (offset: number, period: number): SlotStateView =>
      (index + offset) % period < period / 3 ? "running" : "idle";
    const third: SlotStateView = index < 121 ? "connecting" : index < 170 ? lane(5, 9) : "kept";
    const lanes: Record<number, SlotStateView> = { 1: lane(0, 14), 2: index > 180 ? "running" : lane(3, 22) };
    if (index > 118) lanes[3] = third;
    if (index > 190) lanes[4] = "running";
    const states = Object.values(lanes);
    const count = (...wanted: SlotStateView[]) => states.filter((state) => wanted.includes(state)).length;
    return {
      at: NOW - (240 - index) * 500,
      used: count("running", "kept"),
      idle: count("idle"),
      connecting: count("connecting"),
      waiting: index > 205 ? Math.min(3, Math.floor((index - 200) / 8)) : 0,
      lanes,
    };
  });
}

function holder(line: number, statement: string) {
  const place = { path: "file:///orders.sql", line };
  return { label: `orders.sql:${line}`, place, statement, traceId: null };
}

const history: PoolHistory = {
  pool: {
    key: "own shop",
    name: "shop",
    origin: { kind: "own" },
    target: "app@127.0.0.1:5432/shop",
    max: 4,
    total: 4,
    idle: 1,
    used: 3,
    connecting: 0,
    waiting: 2,
    counters: { checkouts: null, reused: null, timeouts: null, errors: null },
    waitTime: null,
    slots: [
      {
        id: "shop#1",
        backendPid: 4101,
        state: "idle",
        forMillis: 1_400,
        holder: null,
        reasons: [],
        isTransactionFailed: false,
        leak: null,
        server: null,
      },
      {
        id: "shop#2",
        backendPid: 4102,
        state: "running",
        forMillis: 29_500,
        holder: holder(7, "select pg_sleep(30)"),
        reasons: [],
        isTransactionFailed: false,
        leak: null,
        server: null,
      },
      {
        id: "shop#3",
        backendPid: 4107,
        state: "kept",
        forMillis: 35_000,
        holder: holder(
          12,
          "create temporary table seen as select * from events where at > now() - interval '1 hour'",
        ),
        reasons: ["open transaction", "temporary table"],
        isTransactionFailed: false,
        leak: null,
        server: null,
      },
      {
        id: "shop#4",
        backendPid: 4109,
        state: "kept",
        forMillis: 4_000,
        holder: holder(31, "insert into orders values (1)"),
        reasons: [],
        isTransactionFailed: true,
        leak: null,
        server: null,
      },
    ],
    waiters: [
      { holder: holder(44, "select count(*) from order_lines"), forMillis: 8_200 },
      { holder: holder(51, "select 1"), forMillis: 900 },
    ],
  },
  samples: samples(),
};

const message: PoolHostMessage = { type: "snapshot", pools: [history], windowMillis: 120_000, at: NOW };

async function open(options: Parameters<typeof openView>[2] = {}) {
  view = await openView(browser, "pool", { width: 1100, height: 300, ...options });
  await view.post(message);
  await view.page.getByText("app@127.0.0.1:5432/shop").waitFor();
}

describe("the dashboard", () => {
  afterEach(async () => {
    expect(view.errors).toEqual([]);
    await view.page.context().close();
  });

  it("says who holds each slot, why, and who waits", async () => {
    await open();
    const lanes = view.page.getByRole("listitem");
    expect(await lanes.nth(1).textContent()).toMatch(/^#2running29\.5 s/);
    expect(await lanes.nth(2).textContent()).toContain("open transaction, temporary table");
    expect(await lanes.nth(3).textContent()).toContain("failed transaction");
    expect(await lanes.nth(4).textContent()).toContain("orders.sql:44");
  });

  it("leads to the statement, cancels and releases", async () => {
    await open();
    await view.page.getByRole("button", { name: "orders.sql:7" }).click();
    await view.page.getByRole("button", { name: "Cancel" }).click();
    await view.page.getByRole("button", { name: "Release" }).first().click();
    expect((await view.sent()).slice(1)).toEqual([
      { type: "reveal", pool: "own shop", slotId: "shop#2" },
      { type: "cancel", pool: "own shop", slotId: "shop#2" },
      { type: "release", pool: "own shop", slotId: "shop#3" },
    ]);
  });

  it("keeps a button in place while snapshots arrive", async () => {
    await open();
    const cancel = view.page.getByRole("button", { name: "Cancel" });
    await cancel.focus();
    await view.post({ ...message, at: NOW + 500 });
    expect(await cancel.evaluate((button) => button.matches(":focus"))).toBe(true);
  });

  it("offers to connect while there is no pool", async () => {
    await open();
    await view.post({ ...message, pools: [] });
    await view.page.getByRole("button", { name: "Connect…" }).click();
    expect((await view.sent()).at(-1)).toEqual({ type: "connect" });
  });

  it.each(THEMES)("is drawn in $name", async (theme) => {
    await open({ theme });
    await view.picture(`dashboard-${theme.name}`);
  });

  it("fits the side bar", async () => {
    await open({ theme: DARK, width: 340, height: 560 });
    await view.picture("dashboard-side-bar");
    const overflow = await view.page.locator("body").evaluate((body) => body.scrollWidth - body.clientWidth);
    expect(overflow).toBe(0);
  });
});

describe("a lane", () => {
  const sample = (at: number, state: SlotStateView): PoolSample => ({
    at,
    used: 0,
    idle: 0,
    connecting: 0,
    waiting: 0,
    lanes: { 1: state },
  });

  it("joins samples of one state", () => {
    const list = [sample(0, "idle"), sample(500, "idle"), sample(1_000, "running")];
    expect(laneSegments(list, 1, 1_500)).toEqual([
      { state: "idle", from: 0, to: 1_000 },
      { state: "running", from: 1_000, to: 1_500 },
    ]);
  });

  it("has a gap where nobody watched", () => {
    const list = [sample(0, "idle"), sample(10_000, "idle")];
    expect(laneSegments(list, 1, 10_500)).toEqual([
      { state: "idle", from: 0, to: 500 },
      { state: "idle", from: 10_000, to: 10_500 },
    ]);
  });

  it("is empty where the slot did not live", () => {
    expect(laneSegments([sample(0, "idle")], 2, 500)).toEqual([]);
  });
});
