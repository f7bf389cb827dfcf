import { describe, expect, it } from "vitest";
import { ResultsPage } from "./results-page.ts";
import { cell, MIXED_RUN, ROWS, result, run, snapshot, statement } from "./sample.ts";
import type { ViewOptions } from "./view-page.ts";

const results = new ResultsPage();

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

async function openOrders(options: ViewOptions = {}): Promise<void> {
  await results.open(options);
  await results.view.post(snapshot(ORDERS));
  await results.page.getByRole("gridcell", { name: "Grace Hopper" }).first().waitFor();
}

interface AskForRows {
  readonly firstColumn: number;
  readonly columnCount: number;
}

async function asksForRows(): Promise<AskForRows[]> {
  const sent = await results.page.evaluate(() => Reflect.get(globalThis, "sent"));
  return sent.filter(({ type }: { type: string }) => type === "rows");
}

/** The number of the first row that shows whole. */
async function firstVisible(): Promise<string | null> {
  const rows = await results.page.getByRole("row").all();
  const tops = await Promise.all(
    rows.slice(1).map(async (row) => ({ row, top: (await row.boundingBox())?.y ?? 0 })),
  );
  const header = await results.page.locator(".head").boundingBox();
  const bottom = (header?.y ?? 0) + (header?.height ?? 0);
  const [first] = tops.filter(({ top }) => top >= bottom - 1).sort((a, b) => a.top - b.top);
  return (await first?.row.locator(".gutter").textContent()) ?? null;
}

describe("the view", () => {
  it("says how to begin while there is nothing to show", async () => {
    await results.open();
    await results.page.getByText("runs the statement at the cursor").waitFor();
    expect((await results.view.sent())[0]).toEqual({ type: "ready" });
  });

  it("draws only what shows of a hundred thousand rows", async () => {
    await openOrders();
    expect(await results.page.getByRole("row").count()).toBeLessThan(40);
    await expect.poll(() => results.page.getByRole("grid").getAttribute("aria-rowcount")).toBe("100001");
  });

  it("draws only what shows of five hundred columns, and asks for no more than those", async () => {
    const columns = Array.from({ length: 500 }, (_, index) => ({ ...COLUMNS_OF_NUMBERS, name: `c${index}` }));
    const setup =
      "globalThis.rowCount = 1000; globalThis.rowAt = (n) => Array.from({ length: 500 }, (_, c) => [n, c].join(':'));";
    await results.open({ setup });
    await results.view.post(snapshot(run([statement({ result: result({ columns, rowCount: 1_000 }) })])));
    await results.page.getByRole("gridcell", { name: "3:2", exact: true }).waitFor();
    expect(await results.page.getByRole("gridcell").count()).toBeLessThan(600);
    await results.active.focus();
    await results.page.keyboard.press("Control+End");
    await results.page.getByRole("gridcell", { name: "999:499", exact: true }).waitFor();
    expect(await results.page.getByRole("gridcell").count()).toBeLessThan(600);
    const asked = await asksForRows();
    expect(asked.every(({ columnCount }) => columnCount <= 24)).toBe(true);
    expect(asked.at(-1)).toMatchObject({ firstColumn: 480, columnCount: 20 });
  });

  it("reaches every one of sixteen million rows, one by one by the wheel", async () => {
    const setup = "globalThis.rowCount = 16e6; globalThis.rowAt = (n) => [String(n)];";
    await results.open({ setup });
    const columns = [COLUMNS_OF_NUMBERS];
    await results.view.post(
      snapshot(run([statement({ result: result({ columns, rowCount: 16_000_000 }) })])),
    );
    await results.page.getByRole("gridcell", { name: "0", exact: true }).waitFor();
    await results.page.mouse.move(200, 200);
    await results.page.mouse.wheel(0, 24 * 30);
    await results.page.getByRole("rowheader", { name: "31", exact: true }).waitFor();
    expect(await firstVisible()).toBe("31");
    const inDocument = await results.page.locator(".row .gutter").allTextContents();
    expect(inDocument).toEqual([...inDocument].sort((a, b) => Number(a) - Number(b)));
    await results.page.locator(".scroller").focus();
    await results.page.keyboard.press("Control+End");
    await results.page.getByRole("gridcell", { name: "15999999", exact: true }).waitFor();
    await results.page.keyboard.press("ArrowUp");
    await expect.poll(() => results.active.textContent()).toBe("15999998");
    expect(await results.page.getByRole("row").count()).toBeLessThan(40);
  });

  it("moves no element of a row when the scroll bar is dragged far", async () => {
    await openOrders();
    const scroller = results.page.locator(".scroller");
    await scroller.evaluate((element) => Reflect.set(element, "scrollTop", 240_000));
    await results.page.getByRole("row").filter({ hasText: "10,005" }).waitFor();
    await results.page.evaluate(`globalThis.moves = 0; new MutationObserver((changes) => { moves += changes.length })
      .observe(document.querySelector(".rows"), { childList: true })`);
    await scroller.evaluate((element) => Reflect.set(element, "scrollTop", 1_200_000));
    await results.page.getByRole("row").filter({ hasText: "50,005" }).waitFor();
    expect(await results.page.evaluate("moves")).toBe(0);
    expect(await firstVisible()).toBe("50,001");
  });

  it("goes to a row by its number", async () => {
    await openOrders();
    await results.active.focus();
    await results.page.keyboard.press("Control+g");
    await results.page.keyboard.type("90,000");
    await results.page.keyboard.press("Enter");
    await expect.poll(() => results.active.textContent()).toBe("90000");
  });

  it("tells how long it took to draw the first rows, once", async () => {
    await results.open();
    const timing = { waitMillis: 1, serverMillis: 2, fetchMillis: 3, renderMillis: null };
    await results.view.post(snapshot(run([statement({ result: result(), timing })])));
    const rendered = async () => (await results.view.sent()).filter(({ type }) => type === "rendered");
    await expect.poll(rendered).toHaveLength(1);
    expect((await rendered())[0]).toMatchObject({ statementId: 1, millis: expect.any(Number) });
    await results.view.post(snapshot(run([statement({ result: result({ rowCount: 100_001 }), timing })])));
    await results.page.getByText("100,001 rows").waitFor();
    expect(await rendered()).toHaveLength(1);
  });

  it("asks the host for windows of rows, and never for all", async () => {
    await openOrders();
    await results.page.locator(".scroller").evaluate((scroller) => scroller.scrollTo(0, 1_200_000));
    await results.page.getByRole("rowheader", { name: "50,001", exact: true }).waitFor();
    const asked = (await results.view.sent()).filter(({ type }) => type === "rows");
    expect(asked.length).toBeLessThan(6);
    expect(asked.at(-1)).toMatchObject({ start: 50_000, count: 200 });
  });

  it("shows NULL apart from text, and a line break as a mark", async () => {
    await openOrders();
    expect(
      await results.page.getByRole("gridcell", { name: "null", exact: true }).first().textContent(),
    ).toBe("NULL");
    await results.page.getByText("two⏎lines").first().waitFor();
  });

  it("offers to load more while the server has more rows", async () => {
    await results.open();
    await results.view.post(
      snapshot(run([statement({ result: result({ rowCount: 1_000, more: "open" }) })])),
    );
    await results.page.getByText("1–1,000 of 1,000+ rows").waitFor();
    await results.page.getByRole("button", { name: "Load more" }).click();
    expect(await results.view.sent()).toContainEqual({ type: "load", statementId: 1, amount: "page" });
    await results.page.getByRole("button", { name: "Load all" }).click();
    expect(await results.view.sent()).toContainEqual({ type: "load", statementId: 1, amount: "all" });
  });

  it.each([
    ["limit", "rockpool.results.maxRows"],
    ["size", "rockpool.results.diskMegabytes"],
  ] as const)("names the setting by which no more rows are kept: %s", async (more, setting) => {
    await results.open();
    await results.view.post(snapshot(run([statement({ result: result({ rowCount: 1_000, more }) })])));
    await results.page.getByText("1–1,000 of 1,000+ rows").waitFor();
    await results.page.getByText("more rows are not kept").getByText(setting).waitFor();
    expect(await results.page.getByRole("button", { name: "Load more" }).count()).toBe(0);
  });

  it("can cancel what runs, and shows how long it has been running", async () => {
    await results.open();
    const running = statement({ state: "running", timing: null });
    await results.view.post(snapshot(run([running], { isRunning: true, elapsedMillis: 61_000 })));
    await results.page.getByText(/^1:0\d$/).waitFor();
    await results.page.getByRole("button", { name: "Cancel" }).click();
    expect(await results.view.sent()).toContainEqual({ type: "cancel" });
  });

  it("shows an error with its code, place and detail, and leads there", async () => {
    await results.open();
    await results.view.post(snapshot(MIXED_RUN));
    await results.page.getByRole("alert").getByText("Key (id)=(1) already exists.").waitFor();
    await results.page.getByRole("button", { name: "Line 8, column 1" }).click();
    expect(await results.view.sent()).toContainEqual({ type: "reveal", statementId: 4 });
  });

  it("never takes a value for markup", async () => {
    await results.open({
      setup: 'globalThis.rowCount = 1; globalThis.rowAt = () => ["<b id=x>1</b>", "", "", "", "", "", ""];',
    });
    await results.view.post(snapshot(run([statement({ result: result({ rowCount: 1 }) })])));
    await results.page.getByText("<b id=x>1</b>").waitFor();
    expect(await results.page.locator("#x").count()).toBe(0);
  });
});

describe("the keyboard", () => {
  it("moves the one cell that has tabindex 0", async () => {
    await openOrders();
    await results.active.focus();
    await results.page.keyboard.press("ArrowDown");
    await results.page.keyboard.press("ArrowRight");
    expect(await results.active.count()).toBe(1);
    expect(await results.active.textContent()).toBe("Grace Hopper");
    await results.page.keyboard.press("Control+End");
    await expect.poll(() => results.active.textContent()).toBe('{"channel": "web", "items": 4}');
    await results.page.getByRole("rowheader", { name: "100,000" }).waitFor();
    await results.page.keyboard.press("Control+Home");
    await expect.poll(() => results.active.textContent()).toBe("1");
    expect(await results.active.evaluate((cell) => cell.matches(":focus"))).toBe(true);
  });

  it("keeps its place when the active cell scrolls out of sight", async () => {
    await openOrders();
    await results.active.focus();
    await results.page.locator(".scroller").evaluate((scroller) => scroller.scrollTo(0, 100_000));
    await results.page.getByRole("rowheader", { name: "4,170", exact: true }).waitFor();
    await expect
      .poll(() => results.page.locator(".scroller").evaluate((each) => each.matches(":focus")))
      .toBe(true);
    await results.page.keyboard.press("ArrowDown");
    await expect.poll(() => results.active.textContent()).toBe("2");
  });

  it("marks a range, sums it up and copies it", async () => {
    await openOrders();
    await results.active.focus();
    await results.page.keyboard.press("Shift+ArrowDown");
    await results.page.keyboard.press("Shift+ArrowDown");
    const range = { firstRow: 0, lastRow: 2, firstColumn: 0, lastColumn: 0 };
    expect((await results.view.sent()).at(-1)).toEqual({ type: "select", pane: 0, statementId: 1, range });
    await results.view.post({ type: "summary", pane: 0, statementId: 1, summary: SUMMARY });
    const marked = results.page.getByRole("status", { name: "Marked cells" });
    expect(await marked.textContent()).toBe("cells 3distinct 3sum 12,345.60avg 4,115.20min 1max 3");
    await results.page.keyboard.press("Control+c");
    expect((await results.view.sent()).at(-1)).toEqual({
      type: "copy",
      statementId: 1,
      range,
      withHeaders: false,
    });
    await results.page.keyboard.press("Control+a");
    expect((await results.view.sent()).at(-1)).toMatchObject({
      type: "select",
      range: { lastRow: 99_999, lastColumn: 6 },
    });
  });

  it("opens the whole value, follows with it, and Escape goes back to the cell", async () => {
    await openOrders();
    await results.active.focus();
    await results.page.keyboard.press("End");
    await results.page.keyboard.press("Enter");
    expect((await results.view.sent()).at(-1)).toEqual({
      type: "cell",
      pane: 0,
      statementId: 1,
      row: 0,
      column: 6,
    });
    await results.view.post(cell(0, 6, '{"a":[1.50]}'));
    const value = results.page.getByLabel("Value", { exact: true });
    await value.getByText("1.50").waitFor();
    await value.focus();
    await results.page.keyboard.press("Escape");
    expect(await value.isVisible()).toBe(false);
    await expect.poll(() => results.active.evaluate((cell) => cell.matches(":focus"))).toBe(true);
  });
});

describe("the pointer", () => {
  it("marks rows by their number and columns by their header", async () => {
    await openOrders();
    await results.page.getByRole("rowheader", { name: "3", exact: true }).click();
    expect((await results.view.sent()).at(-1)).toMatchObject({
      range: { firstRow: 2, lastRow: 2, lastColumn: 6 },
    });
    await results.page.getByRole("columnheader", { name: "total" }).click();
    expect((await results.view.sent()).at(-1)).toMatchObject({
      range: { lastRow: 99_999, firstColumn: 2, lastColumn: 2 },
    });
  });

  it("widens a column by its edge", async () => {
    await openOrders();
    const header = results.page.getByRole("columnheader", { name: "customer" });
    const before = (await header.boundingBox())?.width ?? 0;
    const box = await header.locator(".handle").boundingBox();
    if (box === null) throw new Error("bug: no handle");
    await results.page.mouse.move(box.x + 3, box.y + 10);
    await results.page.mouse.down();
    await results.page.mouse.move(box.x + 103, box.y + 10, { steps: 5 });
    await results.page.mouse.up();
    expect((await header.boundingBox())?.width).toBeCloseTo(before + 100, 0);
  });
});

describe("a view that was hidden", () => {
  it("comes back with its place, its widths and its selection", async () => {
    await openOrders();
    await results.active.focus();
    await results.page.keyboard.press("Control+End");
    await results.page.getByRole("rowheader", { name: "100,000" }).waitFor();
    const state = await results.page.evaluate(() => Reflect.get(globalThis, "state"));
    await results.page.context().close();
    await results.open({ setup: `${ROWS}; globalThis.state = ${JSON.stringify(state)};` });
    await results.view.post(snapshot(ORDERS));
    await results.page.getByRole("rowheader", { name: "100,000" }).waitFor();
    expect(await results.active.textContent()).toBe('{"channel": "web", "items": 4}');
  });
});
