import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cell, MIXED_RUN, ROWS, result, run, snapshot, statement } from "./sample.ts";
import { openBrowser, openView, type ViewPage } from "./view-page.ts";

let browser: Browser;
let view: ViewPage;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
afterEach(async () => {
  expect(view.errors).toEqual([]);
  expect(await view.accessibilityFaults()).toEqual([]);
  await view.page.context().close();
});

const COLUMNS_OF_NUMBERS = { name: "n", typeName: "text", alignment: "start" } as const;

const SUMMARY = {
  cells: 3,
  nulls: 0,
  distinct: 3,
  isDistinctCut: false,
  sum: "12345.60",
  mean: "4115.20",
  isExact: true,
  least: "1",
  most: "3",
};

const ORDERS = run([statement({ result: result() })]);

async function open(options: Parameters<typeof openView>[2] = {}) {
  view = await openView(browser, "results", { setup: ROWS, ...options });
  return view;
}

async function openOrders(options: Parameters<typeof openView>[2] = {}) {
  await open(options);
  await view.post(snapshot(ORDERS));
  await view.page.getByRole("gridcell", { name: "Grace Hopper" }).first().waitFor();
  return view;
}

interface AskForRows {
  readonly firstColumn: number;
  readonly columnCount: number;
}

async function asksForRows(): Promise<AskForRows[]> {
  const sent = await view.page.evaluate(() => Reflect.get(globalThis, "sent"));
  return sent.filter(({ type }: { type: string }) => type === "rows");
}

/** The number of the first row that shows whole. */
async function firstVisible(): Promise<string | null> {
  const rows = await view.page.getByRole("row").all();
  const tops = await Promise.all(
    rows.slice(1).map(async (row) => ({ row, top: (await row.boundingBox())?.y ?? 0 })),
  );
  const header = await view.page.locator(".head").boundingBox();
  const bottom = (header?.y ?? 0) + (header?.height ?? 0);
  const [first] = tops.filter(({ top }) => top >= bottom - 1).sort((a, b) => a.top - b.top);
  return (await first?.row.locator(".gutter").textContent()) ?? null;
}

function active() {
  return view.page.locator('.cell[tabindex="0"]');
}

describe("the view", () => {
  it("says how to begin while there is nothing to show", async () => {
    await open();
    await view.page.getByText("runs the statement at the cursor").waitFor();
    expect((await view.sent())[0]).toEqual({ type: "ready" });
  });

  it("draws only what shows of a hundred thousand rows", async () => {
    await openOrders();
    expect(await view.page.getByRole("row").count()).toBeLessThan(40);
    await expect.poll(() => view.page.getByRole("grid").getAttribute("aria-rowcount")).toBe("100001");
  });

  it("draws only what shows of five hundred columns, and asks for no more than those", async () => {
    const columns = Array.from({ length: 500 }, (_, index) => ({ ...COLUMNS_OF_NUMBERS, name: `c${index}` }));
    const setup =
      "globalThis.rowCount = 1000; globalThis.rowAt = (n) => Array.from({ length: 500 }, (_, c) => [n, c].join(':'));";
    await open({ setup });
    await view.post(snapshot(run([statement({ result: result({ columns, rowCount: 1_000 }) })])));
    await view.page.getByRole("gridcell", { name: "3:2", exact: true }).waitFor();
    expect(await view.page.getByRole("gridcell").count()).toBeLessThan(600);
    await active().focus();
    await view.page.keyboard.press("Control+End");
    await view.page.getByRole("gridcell", { name: "999:499", exact: true }).waitFor();
    expect(await view.page.getByRole("gridcell").count()).toBeLessThan(600);
    const asked = await asksForRows();
    expect(asked.every(({ columnCount }) => columnCount <= 24)).toBe(true);
    expect(asked.at(-1)).toMatchObject({ firstColumn: 480, columnCount: 20 });
  });

  it("reaches every one of sixteen million rows, one by one by the wheel", async () => {
    const setup = "globalThis.rowCount = 16e6; globalThis.rowAt = (n) => [String(n)];";
    await open({ setup });
    const columns = [COLUMNS_OF_NUMBERS];
    await view.post(snapshot(run([statement({ result: result({ columns, rowCount: 16_000_000 }) })])));
    await view.page.getByRole("gridcell", { name: "0", exact: true }).waitFor();
    await view.page.mouse.move(200, 200);
    await view.page.mouse.wheel(0, 24 * 30);
    await view.page.getByRole("rowheader", { name: "31", exact: true }).waitFor();
    expect(await firstVisible()).toBe("31");
    const inDocument = await view.page.locator(".row .gutter").allTextContents();
    expect(inDocument).toEqual([...inDocument].sort((a, b) => Number(a) - Number(b)));
    await view.page.locator(".scroller").focus();
    await view.page.keyboard.press("Control+End");
    await view.page.getByRole("gridcell", { name: "15999999", exact: true }).waitFor();
    await view.page.keyboard.press("ArrowUp");
    await expect.poll(() => active().textContent()).toBe("15999998");
    expect(await view.page.getByRole("row").count()).toBeLessThan(40);
  });

  it("moves no element of a row when the scroll bar is dragged far", async () => {
    await openOrders();
    const scroller = view.page.locator(".scroller");
    await scroller.evaluate((element) => Reflect.set(element, "scrollTop", 240_000));
    await view.page.getByRole("row").filter({ hasText: "10,005" }).waitFor();
    await view.page.evaluate(`globalThis.moves = 0; new MutationObserver((changes) => { moves += changes.length })
      .observe(document.querySelector(".rows"), { childList: true })`);
    await scroller.evaluate((element) => Reflect.set(element, "scrollTop", 1_200_000));
    await view.page.getByRole("row").filter({ hasText: "50,005" }).waitFor();
    expect(await view.page.evaluate("moves")).toBe(0);
    expect(await firstVisible()).toBe("50,001");
  });

  it("goes to a row by its number", async () => {
    await openOrders();
    await active().focus();
    await view.page.keyboard.press("Control+g");
    await view.page.keyboard.type("90,000");
    await view.page.keyboard.press("Enter");
    await expect.poll(() => active().textContent()).toBe("90000");
  });

  it("tells how long it took to draw the first rows, once", async () => {
    await open();
    const timing = { waitMillis: 1, serverMillis: 2, fetchMillis: 3, renderMillis: null };
    await view.post(snapshot(run([statement({ result: result(), timing })])));
    const rendered = async () => (await view.sent()).filter(({ type }) => type === "rendered");
    await expect.poll(rendered).toHaveLength(1);
    expect((await rendered())[0]).toMatchObject({ statementId: 1, millis: expect.any(Number) });
    await view.post(snapshot(run([statement({ result: result({ rowCount: 100_001 }), timing })])));
    await view.page.getByText("100,001 rows").waitFor();
    expect(await rendered()).toHaveLength(1);
  });

  it("asks the host for windows of rows, and never for all", async () => {
    await openOrders();
    await view.page.locator(".scroller").evaluate((scroller) => scroller.scrollTo(0, 1_200_000));
    await view.page.getByRole("rowheader", { name: "50,001", exact: true }).waitFor();
    const asked = (await view.sent()).filter(({ type }) => type === "rows");
    expect(asked.length).toBeLessThan(6);
    expect(asked.at(-1)).toMatchObject({ start: 50_000, count: 200 });
  });

  it("shows NULL apart from text, and a line break as a mark", async () => {
    await openOrders();
    expect(await view.page.getByRole("gridcell", { name: "null", exact: true }).first().textContent()).toBe(
      "NULL",
    );
    await view.page.getByText("two⏎lines").first().waitFor();
  });

  it("offers to load more while the server has more rows", async () => {
    await open();
    await view.post(snapshot(run([statement({ result: result({ rowCount: 1_000, more: "open" }) })])));
    await view.page.getByText("1–1,000 of 1,000+ rows").waitFor();
    await view.page.getByRole("button", { name: "Load more" }).click();
    expect(await view.sent()).toContainEqual({ type: "load", statementId: 1, amount: "page" });
    await view.page.getByRole("button", { name: "Load all" }).click();
    expect(await view.sent()).toContainEqual({ type: "load", statementId: 1, amount: "all" });
  });

  it.each([
    ["limit", "rockpool.results.maxRows"],
    ["size", "rockpool.results.diskMegabytes"],
  ] as const)("names the setting by which no more rows are kept: %s", async (more, setting) => {
    await open();
    await view.post(snapshot(run([statement({ result: result({ rowCount: 1_000, more }) })])));
    await view.page.getByText("1–1,000 of 1,000+ rows").waitFor();
    await view.page.getByText("more rows are not kept").getByText(setting).waitFor();
    expect(await view.page.getByRole("button", { name: "Load more" }).count()).toBe(0);
  });

  it("can cancel what runs, and shows how long it has been running", async () => {
    await open();
    const running = statement({ state: "running", timing: null });
    await view.post(snapshot(run([running], { isRunning: true, elapsedMillis: 61_000 })));
    await view.page.getByText(/^1:0\d$/).waitFor();
    await view.page.getByRole("button", { name: "Cancel" }).click();
    expect(await view.sent()).toContainEqual({ type: "cancel" });
  });

  it("shows an error with its code, place and detail, and leads there", async () => {
    await open();
    await view.post(snapshot(MIXED_RUN));
    await view.page.getByRole("alert").getByText("Key (id)=(1) already exists.").waitFor();
    await view.page.getByRole("button", { name: "Line 8, column 1" }).click();
    expect(await view.sent()).toContainEqual({ type: "reveal", statementId: 4 });
  });

  it("never takes a value for markup", async () => {
    await open({
      setup: 'globalThis.rowCount = 1; globalThis.rowAt = () => ["<b id=x>1</b>", "", "", "", "", "", ""];',
    });
    await view.post(snapshot(run([statement({ result: result({ rowCount: 1 }) })])));
    await view.page.getByText("<b id=x>1</b>").waitFor();
    expect(await view.page.locator("#x").count()).toBe(0);
  });
});

describe("the keyboard", () => {
  it("moves the one cell that has tabindex 0", async () => {
    await openOrders();
    await active().focus();
    await view.page.keyboard.press("ArrowDown");
    await view.page.keyboard.press("ArrowRight");
    expect(await active().count()).toBe(1);
    expect(await active().textContent()).toBe("Grace Hopper");
    await view.page.keyboard.press("Control+End");
    await expect.poll(() => active().textContent()).toBe('{"channel": "web", "items": 4}');
    await view.page.getByRole("rowheader", { name: "100,000" }).waitFor();
    await view.page.keyboard.press("Control+Home");
    await expect.poll(() => active().textContent()).toBe("1");
    expect(await active().evaluate((cell) => cell.matches(":focus"))).toBe(true);
  });

  it("keeps its place when the active cell scrolls out of sight", async () => {
    await openOrders();
    await active().focus();
    await view.page.locator(".scroller").evaluate((scroller) => scroller.scrollTo(0, 100_000));
    await view.page.getByRole("rowheader", { name: "4,170", exact: true }).waitFor();
    await expect
      .poll(() => view.page.locator(".scroller").evaluate((each) => each.matches(":focus")))
      .toBe(true);
    await view.page.keyboard.press("ArrowDown");
    await expect.poll(() => active().textContent()).toBe("2");
  });

  it("marks a range, sums it up and copies it", async () => {
    await openOrders();
    await active().focus();
    await view.page.keyboard.press("Shift+ArrowDown");
    await view.page.keyboard.press("Shift+ArrowDown");
    const range = { firstRow: 0, lastRow: 2, firstColumn: 0, lastColumn: 0 };
    expect((await view.sent()).at(-1)).toEqual({ type: "select", pane: 0, statementId: 1, range });
    await view.post({ type: "summary", pane: 0, statementId: 1, summary: SUMMARY });
    const marked = view.page.getByRole("status", { name: "Marked cells" });
    expect(await marked.textContent()).toBe("cells 3distinct 3sum 12,345.60avg 4,115.20min 1max 3");
    await view.page.keyboard.press("Control+c");
    expect((await view.sent()).at(-1)).toEqual({
      type: "copy",
      statementId: 1,
      range,
      withHeaders: false,
    });
    await view.page.keyboard.press("Control+a");
    expect((await view.sent()).at(-1)).toMatchObject({
      type: "select",
      range: { lastRow: 99_999, lastColumn: 6 },
    });
  });

  it("opens the whole value, follows with it, and Escape goes back to the cell", async () => {
    await openOrders();
    await active().focus();
    await view.page.keyboard.press("End");
    await view.page.keyboard.press("Enter");
    expect((await view.sent()).at(-1)).toEqual({ type: "cell", pane: 0, statementId: 1, row: 0, column: 6 });
    await view.post(cell(0, 6, '{"a":[1.50]}'));
    const value = view.page.getByLabel("Value", { exact: true });
    await value.getByText("1.50").waitFor();
    await value.focus();
    await view.page.keyboard.press("Escape");
    expect(await value.isVisible()).toBe(false);
    await expect.poll(() => active().evaluate((cell) => cell.matches(":focus"))).toBe(true);
  });
});

describe("the pointer", () => {
  it("marks rows by their number and columns by their header", async () => {
    await openOrders();
    await view.page.getByRole("rowheader", { name: "3", exact: true }).click();
    expect((await view.sent()).at(-1)).toMatchObject({ range: { firstRow: 2, lastRow: 2, lastColumn: 6 } });
    await view.page.getByRole("columnheader", { name: "total" }).click();
    expect((await view.sent()).at(-1)).toMatchObject({
      range: { lastRow: 99_999, firstColumn: 2, lastColumn: 2 },
    });
  });

  it("widens a column by its edge", async () => {
    await openOrders();
    const header = view.page.getByRole("columnheader", { name: "customer" });
    const before = (await header.boundingBox())?.width ?? 0;
    const box = await header.locator(".handle").boundingBox();
    if (box === null) throw new Error("bug: no handle");
    await view.page.mouse.move(box.x + 3, box.y + 10);
    await view.page.mouse.down();
    await view.page.mouse.move(box.x + 103, box.y + 10, { steps: 5 });
    await view.page.mouse.up();
    expect((await header.boundingBox())?.width).toBeCloseTo(before + 100, 0);
  });
});

describe("a view that was hidden", () => {
  it("comes back with its place, its widths and its selection", async () => {
    await openOrders();
    await active().focus();
    await view.page.keyboard.press("Control+End");
    await view.page.getByRole("rowheader", { name: "100,000" }).waitFor();
    const state = await view.page.evaluate(() => Reflect.get(globalThis, "state"));
    await view.page.context().close();
    await open({ setup: `${ROWS}; globalThis.state = ${JSON.stringify(state)};` });
    await view.post(snapshot(ORDERS));
    await view.page.getByRole("rowheader", { name: "100,000" }).waitFor();
    expect(await active().textContent()).toBe('{"channel": "web", "items": 4}');
  });
});
