import { describe, expect, it } from "vitest";
import { useDashboard } from "./pool-page.ts";
import { busyMinute, NOW } from "./pool-sample.ts";

const dashboard = useDashboard();

describe("the timeline without a mouse", () => {
  it("is walked with the arrow keys, and each use is said in a sentence", async () => {
    await dashboard.open();
    await dashboard.view.page.getByRole("group", { name: /Slot timeline/ }).focus();
    await dashboard.view.page.keyboard.press("End");
    const said = dashboard.view.page.locator(".timeline [aria-live]");
    await expect.poll(() => said.textContent()).toMatch(/^shop#1, use \d+, waited .*, held /);
    const first = await said.textContent();
    await dashboard.view.page.keyboard.press("ArrowLeft");
    await expect.poll(() => said.textContent()).not.toBe(first);
    await dashboard.view.page.keyboard.press("ArrowDown");
    await expect.poll(() => said.textContent()).toMatch(/^shop#2, use /);
    await dashboard.view.page.keyboard.press("Enter");
    expect(await dashboard.asked()).toHaveLength(1);
    expect((await dashboard.asked())[0]).toMatchObject({ type: "open" });
    await dashboard.view.page.keyboard.press(" ");
    await dashboard.view.page.getByRole("button", { name: "Resume" }).waitFor();
    await dashboard.view.page.keyboard.press("Escape");
    await dashboard.view.page.getByRole("button", { name: "Pause" }).waitFor();
  });

  it("is paused and followed again before anything has the focus", async () => {
    await dashboard.open();
    const { page } = dashboard.view;
    await page.keyboard.press(" ");
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Pause" }).waitFor();
  });

  it("is there as tables with the same data, which lead to the same places", async () => {
    await dashboard.open();
    await dashboard.view.page.getByRole("button", { name: "Table" }).click();
    const rows = dashboard.view.page.getByRole("table", { name: "Connections" }).getByRole("row");
    expect(await rows.count()).toBe(9);
    expect(await rows.nth(3).textContent()).toContain("open transaction, temporary table");
    await dashboard.view.page.getByRole("button", { name: "shop#1", exact: true }).focus();
    await dashboard.view.page.keyboard.press("ArrowDown");
    await dashboard.view.page.keyboard.press("ArrowDown");
    await dashboard.view.page.keyboard.press("Enter");
    const uses = dashboard.view.page.getByRole("table", { name: "Uses of shop#3" });
    await uses.waitFor();
    expect(await uses.getByRole("row").nth(1).textContent()).toContain("so far");
    const focused = await dashboard.view.page.evaluate("document.activeElement.textContent");
    expect(focused).toBe("shop#3");
    await uses.getByRole("button").nth(1).click();
    await rows.nth(2).getByRole("button", { name: "Cancel" }).click();
    expect(await dashboard.asked()).toMatchObject([{ type: "open" }, { type: "slot", action: "cancel" }]);
    const waiting = dashboard.view.page.getByRole("table", { name: "Waiting now" }).getByRole("row");
    expect(await waiting.nth(1).textContent()).toContain("orders.sql:44");
    expect(await waiting.nth(2).textContent()).toBe("and 1 more");
    await dashboard.view.picture("dashboard-table");
    expect(await dashboard.violations()).toEqual([]);
  });
});

describe("the list of events without a mouse", () => {
  it("is one stop of the Tab key, through which arrows lead, and keeps its place while events come", async () => {
    await dashboard.open();
    const { page } = dashboard.view;
    const events = page.locator(".events-list button");
    const isFocused = (index: number) => () =>
      events.nth(index).evaluate((button) => button.matches(":focus"));
    expect(await page.locator('.events-list button[tabindex="0"]').count()).toBe(1);
    await page.getByRole("button", { name: /^error \d+$/ }).focus();
    await page.keyboard.press("Tab");
    expect(await isFocused(0)()).toBe(true);
    await page.keyboard.press("ArrowDown");
    expect(await isFocused(1)()).toBe(true);
    const recording = busyMinute();
    recording.lane(9, { opened: { start: NOW - 40, end: NOW - 20, reason: null } });
    await dashboard.view.post(recording.update(NOW));
    await expect.poll(isFocused(2)).toBe(true);
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Resume" }).waitFor();
    await page.getByRole("slider").focus();
    await page.keyboard.press("Shift+Tab");
    expect(await page.locator(".events-list button:focus").count()).toBe(1);
  });
});
