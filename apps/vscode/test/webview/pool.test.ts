import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { exportStrings } from "../../scripts/export-strings.mjs";
import type { PoolUpdate } from "../../shared/protocol/pool.ts";
import { busyMinute, busyUpdate, holder, NOW, PROGRAM, pool, slot } from "./pool-sample.ts";
import { DARK, THEMES } from "./themes.ts";
import { openBrowser, openView, type ViewPage } from "./view-page.ts";

let browser: Browser;
let view: ViewPage;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

async function open(
  options: Parameters<typeof openView>[2] = {},
  update: PoolUpdate = busyUpdate(),
): Promise<void> {
  view = await openView(browser, "pool", { width: 1240, height: 620, ...options });
  await view.post(update);
  await view.page.getByRole("toolbar").waitFor();
}

afterEach(async () => {
  expect(view.errors).toEqual([]);
  await view.page.context().close();
});

/** What the view asked of the host since it was ready. */
async function asked(): Promise<unknown[]> {
  return (await view.sent()).filter(({ type }) => type !== "ready" && type !== "details");
}

async function violations(): Promise<string[]> {
  await view.page.evaluate(axe.source);
  const found: { id: string; nodes: { html: string }[] }[] = await view.page.evaluate(
    "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] }).then(({ violations }) => violations)",
  );
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}

/** The words of the page, of its labels and of its hints that no translation has passed through, but for what is data. */
async function foreignWords(): Promise<string[]> {
  const texts: string[] = await view.page.locator("body").evaluate((body) => {
    const found = [];
    for (const each of Reflect.get(body, "querySelectorAll").call(body, "*:not(script, code, style)")) {
      for (const node of each.childNodes) if (node.nodeType === 3) found.push(node.textContent);
      for (const name of ["aria-label", "aria-valuetext", "aria-roledescription", "title"])
        found.push(each.getAttribute(name) ?? "");
    }
    return found;
  });
  const rest = texts.map((text) => text.replace(/⟦[^⟦⟧]*⟧/g, "").replace(DATA, ""));
  return rest.filter((text) => /[a-z]{2}/i.test(text));
}

/** Names of pools, files, statements and errors, units, and what the server says. */
const DATA =
  /shop(#\d+)?|app@127\S+|[\w-]+\.(sql|ts):\d+|\b(SELECT|INSERT|UPDATE|order_lines|orders|customers|stock|ECONN\w+|idle|JSON|HTML|ms|p95|p99|select.*|create temporary.*|insert into.*|open transaction.*|acquire_timeout)\b/g;

/** How many pixels of the lanes have colour, so that a test can tell a picture from none. */
function inkOf(selector: string): Promise<number> {
  return view.page
    .locator(selector)
    .evaluate((canvas: { width: number; height: number; getContext(kind: string): unknown }) => {
      const context = canvas.getContext("2d");
      const image = Reflect.get(Object(context), "getImageData").call(
        context,
        0,
        0,
        canvas.width,
        canvas.height,
      );
      let ink = 0;
      for (let index = 3; index < image.data.length; index += 4) if (image.data[index] > 0) ink += 1;
      return ink;
    });
}

describe("the dashboard", () => {
  it.each(THEMES)("is drawn in $name, and everybody can read it", async (theme) => {
    await open({ theme });
    await view.page.mouse.move(560, 330);
    await view.page.locator(".tooltip").waitFor();
    await view.picture(`dashboard-${theme.name}`);
    expect(await inkOf("canvas.lanes")).toBeGreaterThan(10_000);
    expect(await violations()).toEqual([]);
  });

  it.each(THEMES)("has a legend in $name in which each colour is to be seen", async (theme) => {
    await open({ theme });
    const unseen = await view.page.locator(".legend .key").evaluateAll((keys: { className: string }[]) =>
      keys.flatMap((key) => {
        const { backgroundColor, backgroundImage } = Reflect.get(globalThis, "getComputedStyle")(key);
        return backgroundColor === "rgba(0, 0, 0, 0)" && backgroundImage === "none" ? [key.className] : [];
      }),
    );
    expect(unseen).toEqual([]);
  });

  it("speaks the editor's language in all of its words", async () => {
    const texts = Object.fromEntries(Object.keys(exportStrings()).map((text) => [text, `⟦${text}⟧`]));
    await open({ texts });
    await view.page.locator(".scroller").focus();
    await view.page.keyboard.press("End");
    expect(await foreignWords()).toEqual([]);
    await view.page.getByRole("button", { name: "⟦Table⟧" }).click();
    await view.page.getByRole("button", { name: "shop#5", exact: true }).click();
    expect(await foreignWords()).toEqual([]);
    await view.picture("dashboard-language");
    await view.post({ ...busyUpdate(), pools: [] });
    await view.page.getByText("⟦No pool to show⟧").waitFor();
    expect(await foreignWords()).toEqual([]);
  });

  it("fits the side bar", async () => {
    await open({ theme: DARK, width: 340, height: 760 });
    await view.picture("dashboard-side-bar");
    const overflow = await view.page.locator("body").evaluate((body) => body.scrollWidth - body.clientWidth);
    expect(overflow).toBe(0);
    expect(await inkOf("canvas.lanes")).toBeGreaterThan(1_000);
    expect(await violations()).toEqual([]);
  });

  it("has its lanes in sight in a low panel", async () => {
    await open({ theme: DARK, width: 920, height: 230 });
    await view.picture("dashboard-low");
    const lane = await view.page.locator(".row").nth(1).boundingBox();
    expect((lane?.y ?? 0) + (lane?.height ?? 0)).toBeLessThan(210);
  });

  it("keeps its areas where many more wait than there can be connections", async () => {
    const recording = busyMinute();
    for (let at = NOW - 30_000; at <= NOW; at += 500) {
      recording.numbers(at, { used: 6, idle: 0, connecting: 0, waiting: 60, max: 6 });
    }
    await open({ theme: DARK }, recording.update(NOW));
    await view.picture("dashboard-crowd");
    // Full use fills most of the strip, whatever waits.
    expect(await inkOf(".strip.area canvas")).toBeGreaterThan(20_000);
  });

  it("fills an editor", async () => {
    await open({ theme: DARK, width: 1600, height: 900 });
    const lane = await view.page.locator(".scroller").boundingBox();
    await view.page.mouse.click(620, (lane?.y ?? 0) + 10);
    await view.page
      .getByText(/statements?$/)
      .first()
      .waitFor();
    await view.picture("dashboard-editor");
  });

  it("offers a beginning while there is no pool", async () => {
    await open({ width: 900, height: 300 });
    await view.post({ ...busyUpdate(), pools: [] });
    await view.page.getByText("No pool to show").waitFor();
    await view.picture("dashboard-empty");
    await view.page.getByRole("button", { name: "Connect to a database" }).click();
    await view.page.getByRole("button", { name: "Listen for the pools of your program" }).click();
    expect(await asked()).toEqual([
      { type: "command", command: "connect" },
      { type: "command", command: "receive" },
    ]);
  });

  it("sums up the time that is shown", async () => {
    await open();
    const numbers = view.page.locator(".numbers");
    expect(await numbers.locator(".used dd").textContent()).toBe("4 / 6");
    expect(await numbers.locator(".waiting dd").textContent()).toBe("2");
    expect(await numbers.locator(".p99 dd").textContent()).toMatch(/^\d+ ms$/);
    expect(await numbers.locator(".rate dd").textContent()).toMatch(/^\d\.\d$/);
  });
});

describe("a lane", () => {
  it("says who holds the connection now and why, and acts on it", async () => {
    await open();
    const rows = view.page.locator(".row");
    expect(await rows.nth(1).textContent()).toMatch(/^#2running29\.\d s/);
    expect(await rows.nth(2).textContent()).toContain("open transaction, temporary table");
    expect(await rows.nth(3).textContent()).toContain("failed transaction");
    expect(await rows.nth(4).textContent()).toContain("suspected leak");
    expect(await rows.nth(6).textContent()).toContain("closed: idle");
    await view.page.getByRole("button", { name: "orders.sql:7" }).click();
    await view.page.getByRole("button", { name: "Cancel" }).click();
    await view.page.getByRole("button", { name: "Release" }).first().click();
    expect(await asked()).toEqual([
      { type: "slot", action: "reveal", pool: "own shop", slotId: "shop#2" },
      { type: "slot", action: "cancel", pool: "own shop", slotId: "shop#2" },
      { type: "slot", action: "release", pool: "own shop", slotId: "shop#3" },
    ]);
  });

  it("is there while its connection is being opened, and is the same lane once a span has told of it", async () => {
    const opening = pool({ slots: [slot(9, { state: "connecting", forMillis: 2_000, backendPid: null })] });
    await open({}, { ...busyUpdate(opening), held: [] });
    const rows = view.page.locator(".row");
    await expect.poll(() => rows.count()).toBe(9);
    expect(await rows.last().textContent()).toContain("#9connecting2.0 s");
    const recording = busyMinute(opening);
    recording.lane(9, { opened: { start: NOW - 2_000, end: NOW - 10, reason: null } });
    await view.post(recording.update(NOW));
    await expect.poll(() => rows.count()).toBe(9);
  });

  it("has those who wait for it below, with how long and for what", async () => {
    await open();
    const waiting = view.page.getByRole("list", { name: "Waiting now" }).getByRole("listitem");
    expect(await waiting.first().textContent()).toBe(
      "waiting8.2 sorders.sql:44select count(*) from order_lines",
    );
    expect(await waiting.last().textContent()).toBe("and 1 more");
    await waiting.getByRole("button").click();
    expect(await asked()).toMatchObject([
      { type: "open", place: { path: "file:///work/orders.sql", line: 44 } },
    ]);
  });

  it("keeps a button in place while updates arrive", async () => {
    await open();
    const cancel = view.page.getByRole("button", { name: "Cancel" });
    await cancel.focus();
    const { lanes } = busyUpdate();
    const none = { heads: [], texts: [], entries: emptied(lanes.entries) };
    await view.post({ ...busyUpdate(), isWhole: false, at: NOW + 500, series: [], lanes: none });
    expect(await cancel.evaluate((button) => button.matches(":focus"))).toBe(true);
  });

  it("of a program that leaks offers to end its server process, and the stack", async () => {
    const leak = { place: { path: "/srv/report.ts", line: 88 }, stack: "at report (/srv/report.ts:88:3)" };
    const leaking = pool({ origin: PROGRAM, slots: [slot(5, { state: "used", holder: null, leak })] });
    await open({}, busyUpdate(leaking));
    const row = view.page.locator(".row.leak");
    await row.getByRole("button", { name: "Terminate…" }).click();
    const [scroller, place] = [view.page.locator(".scroller"), await row.boundingBox()];
    const lanes = await scroller.boundingBox();
    await view.page.mouse.click(780, (place?.y ?? lanes?.y ?? 0) + 11);
    await view.page.getByRole("button", { name: "Stack…" }).click();
    expect((await asked()).filter((message) => Object(message).type === "slot")).toEqual([
      { type: "slot", action: "terminate", pool: "own shop", slotId: "shop#5" },
      { type: "slot", action: "stack", pool: "own shop", slotId: "shop#5" },
    ]);
  });

  it("leads to the source of the use that is clicked", async () => {
    await open();
    const lane = await view.page.locator(".scroller").boundingBox();
    const y = (lane?.y ?? 0) + 5 * 22 + 11;
    await view.page.mouse.move(560, y);
    const place = await view.page.locator(".tooltip .who").textContent();
    await view.page.mouse.click(560, y);
    const [first] = await asked();
    expect(first).toMatchObject({ type: "open", pool: "own shop" });
    expect(place).toMatch(/^(orders\.ts:41|stock\.ts:17|orders\.sql:12)$/);
    expect(JSON.stringify(first)).toContain(place?.split(":")[0]);
  });

  it("shows the trace of the use that is selected as soon as the host has told it", async () => {
    await open();
    const lane = await view.page.locator(".scroller").boundingBox();
    await view.page.mouse.click(560, (lane?.y ?? 0) + 5 * 22 + 11);
    const [request] = (await view.sent()).filter(({ type }) => type === "details");
    expect(request).toMatchObject({ type: "details", lane: 5 });
    await view.post({
      ...request,
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      spanId: null,
      callerSpanId: null,
    });
    await view.page.getByText("4bf92f3577b34da6a3ce929d0e0e4736").waitFor();
  });
});

describe("the time that is shown", () => {
  it("is brushed with the mouse, and followed again after a double click", async () => {
    await open();
    const pause = view.page.getByRole("button", { name: "Pause" });
    await pause.waitFor();
    await view.page.mouse.move(300, 330);
    await view.page.mouse.down();
    await view.page.mouse.move(420, 330, { steps: 4 });
    await view.picture("dashboard-brush");
    await view.page.mouse.up();
    await view.page.getByRole("button", { name: "Resume" }).waitFor();
    const slider = view.page.getByRole("slider");
    const text = () => slider.getAttribute("aria-valuetext");
    await expect.poll(text).toMatch(/^\d\d:\d\d:\d\d to \d\d:\d\d:\d\d$/);
    await view.picture("dashboard-zoomed");
    await view.page.mouse.dblclick(300, 330);
    await pause.waitFor();
    await expect.poll(text).toBe("now, and the 60 seconds before");
  });

  it("is moved over ten minutes with the keyboard alone", async () => {
    await open();
    const slider = view.page.getByRole("slider");
    await slider.focus();
    await view.page.keyboard.press("Home");
    const place = () => slider.getAttribute("aria-valuenow");
    await expect.poll(place).toBe("10");
    await view.page.keyboard.press("PageDown");
    await expect.poll(place).toBe("20");
    await view.page.keyboard.press("End");
    await expect.poll(place).toBe("100");
    await view.page.getByRole("button", { name: "Pause" }).waitFor();
  });

  it("stands still when it is paused", async () => {
    await open();
    await view.page.getByRole("button", { name: "Pause" }).click();
    const text = () => view.page.getByRole("slider").getAttribute("aria-valuetext");
    await expect.poll(text).toContain(" to ");
    const before = await text();
    const moved = () =>
      view.page.locator(".scrubber .window").evaluate(({ style }: { style: { left: string } }) => style.left);
    const place = await moved();
    await view.post({ ...busyUpdate(), at: NOW + 5_000 });
    // The window moves back in the history, while what it shows stays.
    await expect.poll(moved).not.toBe(place);
    expect(await text()).toBe(before);
  });
});

describe("the timeline without a mouse", () => {
  it("is walked with the arrow keys, and each use is said in a sentence", async () => {
    await open();
    await view.page.getByRole("group", { name: /Slot timeline/ }).focus();
    await view.page.keyboard.press("End");
    const said = view.page.locator(".timeline [aria-live]");
    await expect.poll(() => said.textContent()).toMatch(/^shop#1, use \d+, waited .*, held /);
    const first = await said.textContent();
    await view.page.keyboard.press("ArrowLeft");
    await expect.poll(() => said.textContent()).not.toBe(first);
    await view.page.keyboard.press("ArrowDown");
    await expect.poll(() => said.textContent()).toMatch(/^shop#2, use /);
    await view.page.keyboard.press("Enter");
    expect(await asked()).toHaveLength(1);
    expect((await asked())[0]).toMatchObject({ type: "open" });
    await view.page.keyboard.press(" ");
    await view.page.getByRole("button", { name: "Resume" }).waitFor();
    await view.page.keyboard.press("Escape");
    await view.page.getByRole("button", { name: "Pause" }).waitFor();
  });

  it("is there as tables with the same data, which lead to the same places", async () => {
    await open();
    await view.page.getByRole("button", { name: "Table" }).click();
    const rows = view.page.getByRole("table", { name: "Connections" }).getByRole("row");
    expect(await rows.count()).toBe(9);
    expect(await rows.nth(3).textContent()).toContain("open transaction, temporary table");
    await view.page.getByRole("button", { name: "shop#1", exact: true }).focus();
    await view.page.keyboard.press("ArrowDown");
    await view.page.keyboard.press("ArrowDown");
    await view.page.keyboard.press("Enter");
    const uses = view.page.getByRole("table", { name: "Uses of shop#3" });
    await uses.waitFor();
    expect(await uses.getByRole("row").nth(1).textContent()).toContain("so far");
    const focused = await view.page.evaluate("document.activeElement.textContent");
    expect(focused).toBe("shop#3");
    await uses.getByRole("button").nth(1).click();
    await rows.nth(2).getByRole("button", { name: "Cancel" }).click();
    expect(await asked()).toMatchObject([{ type: "open" }, { type: "slot", action: "cancel" }]);
    const waiting = view.page.getByRole("table", { name: "Waiting now" }).getByRole("row");
    expect(await waiting.nth(1).textContent()).toContain("orders.sql:44");
    await view.picture("dashboard-table");
    expect(await violations()).toEqual([]);
  });
});

describe("events", () => {
  it("are listed by kind, and lead to their moment", async () => {
    await open();
    const items = view.page.locator(".events-list li");
    const all = await items.count();
    await view.page
      .getByRole("button", { name: /^error/ })
      .first()
      .click();
    expect(await items.count()).toBeLessThan(all);
    expect(await view.page.locator(".events-list li.error").count()).toBe(0);
    await view.page.locator(".events-list li.timeout button").first().click();
    await view.page.getByRole("button", { name: "Resume" }).waitFor();
  });
});

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
    await open();
    await view.post({ ...busyUpdate(), pools: [pool(), orders] });
    const picker = view.page.getByRole("combobox", { name: "Pool" });
    await picker.selectOption({ label: "All 2 pools" });
    await expect.poll(() => view.page.getByRole("article").count()).toBe(2);
    await view.picture("dashboard-several");
    const slider = view.page.getByRole("slider", { name: /of 2 pools$/ });
    await slider.waitFor();
    await view.page.locator(".scrubber .of", { hasText: "2 pools" }).waitFor();
    await view.page.getByRole("button", { name: "HTML" }).click();
    expect(await asked()).toMatchObject([{ type: "export", pools: ["own shop", "program orders"] }]);
    const program = view.page.getByRole("article", { name: "Pool orders" });
    expect(await program.locator(".owner").textContent()).toMatch(
      /^checkout-service · pid 48213 · silent for/,
    );
    expect(await program.getAttribute("class")).toContain("stale");
    await picker.selectOption({ label: "orders — checkout-service · pid 48213" });
    await expect.poll(() => view.page.getByRole("article").count()).toBe(1);
    await view.page.getByText("This program reports numbers, but no spans").waitFor();
    expect(await view.page.locator(".numbers .waiting dd").textContent()).toBe("–");
  });

  it("of which none is chosen show the first in which something goes on, and stay with it", async () => {
    const quiet = pool({ key: "own quiet", name: "quiet", used: 0, waiting: 0, slots: [], waiters: [] });
    await open({}, { ...busyUpdate(), pools: [quiet] });
    await view.page.getByRole("article", { name: "Pool quiet" }).waitFor();
    await view.post({ ...busyUpdate(), pools: [quiet, pool()] });
    await view.page.getByRole("article", { name: "Pool shop" }).waitFor();
    await view.post({ ...busyUpdate(), pools: [{ ...quiet, used: 3 }, pool({ used: 0, waiting: 0 })] });
    await expect.poll(() => view.page.locator(".numbers").first().textContent()).toContain("0");
    expect(await view.page.getByRole("article").getAttribute("aria-label")).toBe("Pool shop");
  });

  it("of which the host names one show that one", async () => {
    await open();
    await view.post({ ...busyUpdate(), pools: [pool(), orders] });
    await view.post({ type: "select", pool: "program orders" });
    await view.page.getByRole("article", { name: "Pool orders" }).waitFor();
  });
});

describe("what the host tells", () => {
  it("adds up: an update that is not whole continues the one before, a whole one begins anew", async () => {
    await open();
    const recording = busyMinute(pool({ slots: [slot(1), slot(9, { holder: holder(3, "select 1") })] }));
    const lane = recording.lane(9, { opened: { start: NOW - 900, end: NOW - 800, reason: null } });
    recording.use(lane, { start: NOW - 700, end: NOW - 100 });
    await view.post(recording.update(NOW));
    const rows = view.page.locator(".row");
    await expect.poll(() => rows.count()).toBe(9);
    await view.post(busyUpdate());
    await expect.poll(() => rows.count()).toBe(8);
  });

  it("is exported for the time and the pool that are shown", async () => {
    await open();
    await view.page.getByRole("button", { name: "JSON" }).click();
    await view.page.getByRole("button", { name: "HTML" }).click();
    const sent = await asked();
    expect(sent).toMatchObject([
      { type: "export", format: "json", pools: ["own shop"] },
      { type: "export", format: "html", pools: ["own shop"] },
    ]);
    const { from, to } = Object(sent[0]);
    expect(to - from).toBeCloseTo(60_000, 0);
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
