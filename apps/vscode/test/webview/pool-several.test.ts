import { describe, expect, it } from "vitest";
import { useDashboard } from "./pool-page.ts";
import { busyMinute, busyUpdate, holder, NOW, PROGRAM, pool, slot } from "./pool-sample.ts";

const dashboard = useDashboard();

describe("several pools", () => {
  const orders = pool({
    key: "program orders",
    name: "orders",
    origin: { ...PROGRAM, isStale: true, lastSeenUnixMillis: NOW - 20_000 },
    target: null,
    slots: [],
    waiters: [],
    waiting: null,
  });

  it("are chosen by name or stacked, and say whose they are", async () => {
    await dashboard.open();
    await dashboard.view.post({ ...busyUpdate(), pools: [pool(), orders] });
    const picker = dashboard.view.page.getByRole("combobox", { name: "Pool" });
    await picker.selectOption({ label: "All 2 pools" });
    await expect.poll(() => dashboard.view.page.getByRole("article").count()).toBe(2);
    await dashboard.view.picture("dashboard-several");
    // A pool that fades is read as well as one that does not.
    expect(await dashboard.violations()).toEqual([]);
    const slider = dashboard.view.page.getByRole("slider", { name: /of 2 pools$/ });
    await slider.waitFor();
    await dashboard.view.page.locator(".scrubber .of", { hasText: "2 pools" }).waitFor();
    await dashboard.view.page.getByRole("button", { name: "HTML" }).click();
    expect(await dashboard.asked()).toMatchObject([
      { type: "export", pools: ["own shop", "program orders"] },
    ]);
    const program = dashboard.view.page.getByRole("article", { name: "Pool orders" });
    expect(await program.locator(".owner").textContent()).toMatch(
      /^checkout-service · pid 48213 · silent for/,
    );
    expect(await program.getAttribute("class")).toContain("stale");
    await picker.selectOption({ label: "orders — checkout-service · pid 48213" });
    await expect.poll(() => dashboard.view.page.getByRole("article").count()).toBe(1);
    await dashboard.view.page.getByText("This program reports numbers, but no spans").waitFor();
    await dashboard.view.page.getByText("This program tells of no events.").waitFor();
    expect(await dashboard.view.page.locator(".numbers .waiting dd").textContent()).toBe("–");
  });

  it("have any name, which is text and takes no room from the others", async () => {
    const names = ["", "<b>bold</b>", "\u05d4\u05d6\u05de\u05e0\u05d5\u05ea orders", "long".repeat(100)];
    const pools = names.map((name) =>
      pool({ key: `program ${name}`, name, origin: PROGRAM, slots: [], waiters: [] }),
    );
    await dashboard.open({ width: 900 });
    await dashboard.view.post({ ...busyUpdate(), pools });
    await dashboard.view.page.getByRole("combobox").selectOption({ label: "All 4 pools" });
    const titles = dashboard.view.page.getByRole("heading", { level: 2 });
    await expect.poll(() => titles.allTextContents()).toEqual(["unnamed pool", ...names.slice(1)]);
    await dashboard.view.picture("dashboard-names");
    const overflow = await dashboard.view.page
      .locator("body")
      .evaluate((body) => body.scrollWidth - body.clientWidth);
    expect(overflow).toBe(0);
    expect(await dashboard.violations()).toEqual([]);
  });

  it("of which none is chosen show the first in which something goes on, and stay with it", async () => {
    const quiet = pool({ key: "own quiet", name: "quiet", used: 0, waiting: 0, slots: [], waiters: [] });
    await dashboard.open({}, { ...busyUpdate(), pools: [quiet] });
    await dashboard.view.page.getByRole("article", { name: "Pool quiet" }).waitFor();
    await dashboard.view.post({ ...busyUpdate(), pools: [quiet, pool()] });
    await dashboard.view.page.getByRole("article", { name: "Pool shop" }).waitFor();
    await dashboard.view.post({
      ...busyUpdate(),
      pools: [{ ...quiet, used: 3 }, pool({ used: 0, waiting: 0 })],
    });
    await expect.poll(() => dashboard.view.page.locator(".numbers").first().textContent()).toContain("0");
    expect(await dashboard.view.page.getByRole("article").getAttribute("aria-label")).toBe("Pool shop");
  });

  it("of which the host names one show that one", async () => {
    await dashboard.open();
    await dashboard.view.post({ ...busyUpdate(), pools: [pool(), orders] });
    await dashboard.view.post({ type: "select", pool: "program orders" });
    await dashboard.view.page.getByRole("article", { name: "Pool orders" }).waitFor();
  });
});

describe("what the host tells", () => {
  it("adds up: an update that is not whole continues the one before, a whole one begins anew", async () => {
    await dashboard.open();
    const recording = busyMinute(pool({ slots: [slot(1), slot(9, { holder: holder(3, "select 1") })] }));
    const lane = recording.lane(9, { opened: { start: NOW - 900, end: NOW - 800, reason: null } });
    recording.use(lane, { start: NOW - 700, end: NOW - 100 });
    await dashboard.view.post(recording.update(NOW));
    const rows = dashboard.view.page.locator(".row");
    await expect.poll(() => rows.count()).toBe(9);
    await dashboard.view.post(busyUpdate());
    await expect.poll(() => rows.count()).toBe(8);
  });

  it("is exported for the time and the pool that are shown", async () => {
    await dashboard.open();
    await dashboard.view.page.getByRole("button", { name: "JSON" }).click();
    await dashboard.view.page.getByRole("button", { name: "HTML" }).click();
    const sent = await dashboard.asked();
    expect(sent).toMatchObject([
      { type: "export", format: "json", pools: ["own shop"] },
      { type: "export", format: "html", pools: ["own shop"] },
    ]);
    const { from, to } = Object(sent[0]);
    expect(to - from).toBeCloseTo(60_000, 0);
  });
});

describe("what was chosen", () => {
  it("is there again when the view shows again: the pool, the table and how much time", async () => {
    const other = pool({ key: "own other", name: "other", slots: [], waiters: [] });
    const setup = "globalThis.state = { pool: 'own other', isTable: true, rangeMillis: 300000 };";
    await dashboard.open({ setup }, { ...busyUpdate(), pools: [pool(), other] });
    const { page } = dashboard.view;
    await page.getByRole("article", { name: "Pool other" }).waitFor();
    const pressed = page.locator('.toolbar [aria-pressed="true"]');
    expect(await pressed.allTextContents()).toEqual(["5 min", "Table"]);
    await page.getByRole("table", { name: "Connections" }).waitFor();
    await page.getByRole("button", { name: "10 min" }).click();
    await page.getByRole("button", { name: "Table" }).click();
    await page.getByRole("combobox").selectOption({ label: "All 2 pools" });
    expect(await page.evaluate("state")).toEqual({ pool: null, isTable: false, rangeMillis: 600_000 });
  });
});
