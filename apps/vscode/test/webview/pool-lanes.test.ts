import { describe, expect, it } from "vitest";
import type { PoolUpdate } from "../../shared/protocol/pool.ts";
import { useDashboard } from "./pool-page.ts";
import { Recording } from "./pool-recording.ts";
import { busyMinute, busyUpdate, NOW, PROGRAM, pool, slot } from "./pool-sample.ts";

const dashboard = useDashboard();

describe("a lane", () => {
  it("says who holds the connection now and why, and acts on it", async () => {
    await dashboard.open();
    const rows = dashboard.view.page.locator(".row");
    expect(await rows.nth(1).textContent()).toMatch(/^#2running29\.\d s/);
    expect(await rows.nth(2).textContent()).toContain("open transaction, temporary table");
    expect(await rows.nth(3).textContent()).toContain("failed transaction");
    expect(await rows.nth(4).textContent()).toContain("suspected leak");
    expect(await rows.nth(6).textContent()).toContain("closed: idle");
    await dashboard.view.page.getByRole("button", { name: "orders.sql:7" }).click();
    await dashboard.view.page.getByRole("button", { name: "Cancel" }).click();
    await dashboard.view.page.getByRole("button", { name: "Release" }).first().click();
    expect(await dashboard.asked()).toEqual([
      { type: "slot", action: "reveal", pool: "own shop", slotId: "shop#2" },
      { type: "slot", action: "cancel", pool: "own shop", slotId: "shop#2" },
      { type: "slot", action: "release", pool: "own shop", slotId: "shop#3" },
    ]);
  });

  it("is there while its connection is being opened, and is the same lane once a span has told of it", async () => {
    const opening = pool({ slots: [slot(9, { state: "connecting", forMillis: 2_000, backendPid: null })] });
    await dashboard.open({}, { ...busyUpdate(opening), held: [] });
    const rows = dashboard.view.page.locator(".row");
    await expect.poll(() => rows.count()).toBe(9);
    expect(await rows.last().textContent()).toContain("#9connecting2.0 s");
    const recording = busyMinute(opening);
    recording.lane(9, { opened: { start: NOW - 2_000, end: NOW - 10, reason: null } });
    await dashboard.view.post(recording.update(NOW));
    await expect.poll(() => rows.count()).toBe(9);
  });

  it("is there although nothing has been heard of its connection for as long as is remembered", async () => {
    const recording = new Recording(pool({ slots: [slot(9)] }));
    recording.lane(9);
    await dashboard.open({}, recording.update(NOW));
    const rows = dashboard.view.page.locator(".row");
    await expect.poll(() => rows.count()).toBe(1);
    expect(await rows.first().textContent()).toContain("#9idle");
  });

  it("has those who wait for it below, with how long and for what", async () => {
    await dashboard.open();
    const waiting = dashboard.view.page.getByRole("list", { name: "Waiting now" }).getByRole("listitem");
    expect(await waiting.first().textContent()).toBe(
      "waiting8.2 sorders.sql:44select count(*) from order_lines",
    );
    expect(await waiting.last().textContent()).toBe("and 1 more");
    await waiting.getByRole("button").click();
    expect(await dashboard.asked()).toMatchObject([
      { type: "open", place: { path: "file:///work/orders.sql", line: 44 } },
    ]);
  });

  it("keeps a button in place while updates arrive", async () => {
    await dashboard.open();
    const cancel = dashboard.view.page.getByRole("button", { name: "Cancel" });
    await cancel.focus();
    const { lanes } = busyUpdate();
    const none = { heads: [], texts: [], entries: emptied(lanes.entries) };
    await dashboard.view.post({ ...busyUpdate(), isWhole: false, at: NOW + 500, series: [], lanes: none });
    expect(await cancel.evaluate((button) => button.matches(":focus"))).toBe(true);
  });

  it("of a program that leaks offers to end its server process, and the stack", async () => {
    const leak = { place: { path: "/srv/report.ts", line: 88 }, stack: "at report (/srv/report.ts:88:3)" };
    const leaking = pool({ origin: PROGRAM, slots: [slot(5, { state: "used", holder: null, leak })] });
    await dashboard.open({}, busyUpdate(leaking));
    const row = dashboard.view.page.locator(".row.leak");
    await row.getByRole("button", { name: "Terminate…" }).click();
    const [scroller, place] = [dashboard.view.page.locator(".scroller"), await row.boundingBox()];
    const lanes = await scroller.boundingBox();
    await dashboard.view.page.mouse.click(740, (place?.y ?? lanes?.y ?? 0) + 11);
    await dashboard.view.page.getByRole("button", { name: "Stack…" }).click();
    expect((await dashboard.asked()).filter((message) => Object(message).type === "slot")).toEqual([
      { type: "slot", action: "terminate", pool: "own shop", slotId: "shop#5" },
      { type: "slot", action: "stack", pool: "own shop", slotId: "shop#5" },
    ]);
  });

  it("leads to the source of the use that is clicked", async () => {
    await dashboard.open();
    const lane = await dashboard.view.page.locator(".scroller").boundingBox();
    const y = (lane?.y ?? 0) + 5 * 22 + 11;
    await dashboard.view.page.mouse.move(560, y);
    const place = await dashboard.view.page.locator(".tooltip .who").textContent();
    await dashboard.view.page.mouse.click(560, y);
    const [first] = await dashboard.asked();
    expect(first).toMatchObject({ type: "open", pool: "own shop" });
    expect(place).toMatch(/^(orders\.ts:41|stock\.ts:17|orders\.sql:12)$/);
    expect(JSON.stringify(first)).toContain(place?.split(":")[0]);
  });

  it("shows the trace of the use that is selected as soon as the host has told it", async () => {
    await dashboard.open();
    const lane = await dashboard.view.page.locator(".scroller").boundingBox();
    await dashboard.view.page.mouse.click(560, (lane?.y ?? 0) + 5 * 22 + 11);
    const [request] = (await dashboard.view.sent()).filter(({ type }) => type === "details");
    expect(request).toMatchObject({ type: "details", lane: 5 });
    await dashboard.view.post({
      ...request,
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      spanId: null,
      callerSpanId: null,
    });
    await dashboard.view.page.getByText("4bf92f3577b34da6a3ce929d0e0e4736").waitFor();
  });
});

describe("events", () => {
  it("are listed by kind, and lead to their moment", async () => {
    await dashboard.open();
    const items = dashboard.view.page.locator(".events-list li");
    const all = await items.count();
    await dashboard.view.page
      .getByRole("button", { name: /^error/ })
      .first()
      .click();
    expect(await items.count()).toBeLessThan(all);
    expect(await dashboard.view.page.locator(".events-list li.error").count()).toBe(0);
    await dashboard.view.page.locator(".events-list li.timeout button").first().click();
    await dashboard.view.page.getByRole("button", { name: "Resume" }).waitFor();
  });
});

function emptied(entries: PoolUpdate["lanes"]["entries"]): PoolUpdate["lanes"]["entries"] {
  const none = { lanes: new Uint32Array(), times: new Float64Array(), words: new Uint32Array() };
  return Object.assign(structuredClone(entries), {
    use: none,
    statement: none,
    transaction: none,
    cancel: none,
    busy: none,
    failed: none,
  });
}
