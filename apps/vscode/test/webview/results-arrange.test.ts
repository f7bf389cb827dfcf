import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ArrangementView } from "../../shared/protocol/results.ts";
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
  await view.page.context().close();
});

async function open(overrides: Parameters<typeof result>[0] = {}) {
  view = await openView(browser, "results", { setup: ROWS });
  await view.post(snapshot(run([statement({ result: result(overrides) })])));
  await view.page.getByRole("gridcell", { name: "Grace Hopper" }).first().waitFor();
  await active().focus();
}

function active() {
  return view.page.locator('.cell[tabindex="0"]');
}

function focused() {
  return view.page.locator(":focus");
}

async function press(...keys: string[]) {
  for (const key of keys) await view.page.keyboard.press(key);
}

async function last(type: string) {
  return (await view.sent()).filter((message) => message.type === type).at(-1);
}

function arrangement(overrides: Partial<ArrangementView>): ArrangementView {
  return { filters: [], sort: [], ...overrides };
}

describe("a column's menu", () => {
  it("opens from the keyboard at the header, and sorts by its column", async () => {
    await open();
    await press("ArrowRight", "ArrowUp");
    expect(await focused().getAttribute("role")).toBe("columnheader");
    await press("Enter");
    expect(await focused().textContent()).toBe("Sort ascending");
    await press("ArrowDown", "Enter");
    expect(await last("arrange")).toEqual({
      type: "arrange",
      statementId: 1,
      arrangement: arrangement({ sort: [{ column: 1, direction: "descending" }] }),
    });
    expect(await focused().getAttribute("role")).toBe("columnheader");
  });

  it("sorts by one more column where one is sorted by already", async () => {
    const sort = [{ column: 0, direction: "ascending" }] as const;
    await open({ arrangement: arrangement({ sort }) });
    expect(await view.page.getByRole("columnheader", { name: "id bigint" }).getAttribute("aria-sort")).toBe(
      "ascending",
    );
    await press("ArrowRight", "Alt+ArrowDown");
    await view.page.getByRole("menuitem", { name: "Then descending by this" }).click();
    expect(await last("arrange")).toMatchObject({
      arrangement: { sort: [...sort, { column: 1, direction: "descending" }] },
    });
  });

  it("opens by the pointer, and closes by Escape with the focus back at the header", async () => {
    await open();
    const header = view.page.getByRole("columnheader", { name: "total" });
    await header.hover();
    await header.locator(".menu-button").click();
    await view.page.getByRole("menu").waitFor();
    await press("Escape");
    expect(await view.page.getByRole("menu").count()).toBe(0);
    expect(await focused().textContent()).toContain("total");
  });

  it("freezes columns, which then stay in view", async () => {
    await open();
    await view.page.setViewportSize({ width: 520, height: 420 });
    await press("ArrowRight", "Alt+ArrowDown");
    await view.page.getByRole("menuitem", { name: "Freeze up to this" }).click();
    await press("Escape", "End");
    await expect.poll(() => active().textContent()).toBe('{"channel": "web", "items": 0}');
    const name = await view.page.getByRole("gridcell", { name: "Grace Hopper" }).first().boundingBox();
    expect(name?.x ?? -1).toBeGreaterThan(0);
    expect((name?.x ?? 0) + (name?.width ?? 0)).toBeLessThan(300);
  });

  it("can be done without: Alt and arrows change a width at the header", async () => {
    await open();
    await press("ArrowUp");
    const width = async () =>
      (await view.page.getByRole("columnheader", { name: "id bigint" }).boundingBox())?.width ?? 0;
    const before = await width();
    await press("Alt+ArrowRight", "Alt+ArrowRight");
    expect(await width()).toBe(before + 32);
    await press("ArrowDown");
    expect(await focused().getAttribute("role")).toBe("gridcell");
  });
});

describe("a filter", () => {
  it("offers the value of the active cell and what it is compared by", async () => {
    await open();
    await press("ArrowRight", "Alt+ArrowDown");
    await view.page.getByRole("menuitem", { name: "Filter…" }).click();
    const value = view.page.getByRole("textbox", { name: "Value" });
    expect(await value.inputValue()).toBe("Ada Lovelace");
    await view.page.getByRole("combobox", { name: "How" }).selectOption("notContains");
    await value.fill("ada");
    await press("Enter");
    expect(await last("arrange")).toMatchObject({
      arrangement: { filters: [{ column: 1, operator: "notContains", value: "ada" }] },
    });
  });

  it("needs no value to look for NULL", async () => {
    await open();
    await press("Alt+ArrowDown");
    await view.page.getByRole("menuitem", { name: "Filter…" }).click();
    await view.page.getByRole("combobox", { name: "How" }).selectOption("isNull");
    expect(await view.page.getByRole("textbox", { name: "Value" }).isVisible()).toBe(false);
    await view.page.getByRole("button", { name: "Filter", exact: true }).click();
    expect(await last("arrange")).toMatchObject({
      arrangement: { filters: [{ operator: "isNull", value: "" }] },
    });
  });

  it("shows as a chip that takes it away, beside how many rows it lets through", async () => {
    const filter = { column: 1, operator: "contains", value: "ada" } as const;
    await open({ arrangement: arrangement({ filters: [filter] }), shownCount: 17 });
    await view.page.getByText("17 of 100,000 loaded rows").waitFor();
    await view.page.getByRole("button", { name: "Remove: customer contains ada" }).click();
    expect(await last("arrange")).toMatchObject({ arrangement: { filters: [], sort: [] } });
  });

  it("says that rows on the server are not looked at, and offers to load them", async () => {
    const sort = [{ column: 0, direction: "ascending" }] as const;
    await open({ arrangement: arrangement({ sort }), more: "open" });
    await view.page.getByText("the server has more rows, which are not looked at").waitFor();
    await view.page
      .getByRole("group", { name: "Sorted and filtered" })
      .getByRole("button", { name: "Load all" })
      .click();
    expect(await last("load")).toEqual({ type: "load", statementId: 1, amount: "all" });
  });

  it("shows other rows when the host has them, and drops answers that come too late", async () => {
    await open();
    const filtered = { arrangement: arrangement({ filters: [] }), shownCount: 1, version: 1 };
    await view.page.evaluate(
      "globalThis.rowAt = () => ['only', 'row', '', '', '', '', '']; globalThis.rowCount = 1;",
    );
    await view.post(snapshot(run([statement({ result: result(filtered) })])));
    await view.page.getByRole("gridcell", { name: "only" }).waitFor();
    const late = { type: "rows", statementId: 1, version: 0, start: 0, firstColumn: 0, columnCount: 7 };
    await view.post({ ...late, rows: [["late", "", "", "", "", "", ""]] });
    expect(await view.page.getByText("late").count()).toBe(0);
  });
});

describe("the search", () => {
  it("counts, marks and goes from match to match, and Escape gives the focus back", async () => {
    await open();
    await press("Control+f");
    await view.page.keyboard.type("grace");
    expect(await last("find")).toEqual({
      type: "find",
      pane: 0,
      statementId: 1,
      needle: "grace",
      from: { row: 0, column: 0 },
      direction: "here",
    });
    const found = { type: "found", pane: 0, statementId: 1, needle: "grace", count: 16_667, isCut: false };
    await view.post({ ...found, at: { row: 1, column: 1, index: 1 } });
    await view.page.getByText("1 of 16,667").waitFor();
    expect(await view.page.locator(".cell.match").first().textContent()).toBe("Grace Hopper");
    expect(await focused().getAttribute("aria-label")).toBe("Find in rows");
    await press("Shift+Enter");
    expect(await last("find")).toMatchObject({ direction: "previous", from: { row: 1, column: 1 } });
    await view.post({ ...found, count: 0, at: null });
    await view.page.getByText("No match").waitFor();
    await press("Escape");
    expect(await view.page.getByRole("search").isVisible()).toBe(false);
    expect(await view.page.locator(".cell.match").count()).toBe(0);
    expect(await focused().textContent()).toBe("Grace Hopper");
  });
});

describe("the whole value of a cell", () => {
  async function openCell(column: number, value: string | null) {
    await open();
    await press(...Array.from({ length: column }, () => "ArrowRight"), "Enter");
    await view.post(cell(0, column, value));
    return view.page.getByLabel("Value", { exact: true });
  }

  it("is a tree that folds where it is JSON, with numbers as they were written", async () => {
    const value = await openCell(
      6,
      '{"a": {"b": [1.50, 12345678901234567890, "x\\"", null, true]}, "e": {}}',
    );
    expect(await value.locator(".number").allTextContents()).toEqual(["1.50", "12345678901234567890"]);
    await value.locator("summary", { hasText: "a" }).click();
    expect(await value.locator(".number").first().isVisible()).toBe(false);
    await view.page.getByRole("button", { name: "Formatted" }).click();
    expect(await value.textContent()).toContain('{"a": {"b": [1.50, 12345678901234567890');
  });

  it("is a hex dump where it is bytes", async () => {
    view = await openView(browser, "results", { setup: ROWS });
    const columns = [{ name: "photo", typeName: "bytea", alignment: "start" }] as const;
    await view.post(snapshot(run([statement({ result: result({ columns }) })])));
    await active().focus();
    await press("Enter");
    await view.post(cell(0, 0, `\\x${"00".repeat(16)}48692100ff`));
    expect(await view.page.getByLabel("Value", { exact: true }).textContent()).toBe(
      `00000000  ${"00 ".repeat(15)}00  ................\n00000010  48 69 21 00 ff${" ".repeat(33)}  Hi!..`,
    );
  });

  it("tells NULL from the empty string, and shows blank space on demand", async () => {
    const value = await openCell(1, "");
    await view.page.getByText("empty string", { exact: true }).waitFor();
    await view.post(cell(0, 1, null));
    expect(await value.textContent()).toBe("NULL");
    await view.post(cell(0, 1, "a  b\tc\r\nd"));
    await view.page.getByRole("button", { name: "Blanks" }).click();
    expect(await value.textContent()).toBe("a··b⇥\tc␍↵\nd");
  });

  it("is an array line by line", async () => {
    view = await openView(browser, "results", { setup: ROWS });
    const columns = [{ name: "tags", typeName: "text[]", alignment: "start" }] as const;
    await view.post(snapshot(run([statement({ result: result({ columns }) })])));
    await active().focus();
    await press("Enter");
    await view.post(cell(0, 0, '{plain,"a, \\"b\\"",NULL,""}'));
    const items = view.page.locator(".array .item");
    expect(await items.allTextContents()).toEqual(["1plain", '2a, "b"', "3NULL", "4"]);
  });
});

describe("blank space in the grid", () => {
  it("shows on demand, the empty string too", async () => {
    view = await openView(browser, "results", {
      setup: 'globalThis.rowCount = 1; globalThis.rowAt = () => ["a b", "", null, "", "", "", ""];',
    });
    await view.post(snapshot(run([statement({ result: result({ rowCount: 1 }) })])));
    await view.page.getByText("a b").waitFor();
    await view.page.getByRole("button", { name: "Show blank space" }).click();
    expect(await view.page.getByRole("gridcell").nth(0).textContent()).toBe("a·b");
    expect(await view.page.getByRole("gridcell", { name: "empty string" }).first().textContent()).toBe(
      "empty",
    );
    expect(await view.page.getByRole("gridcell", { name: "null", exact: true }).textContent()).toBe("NULL");
  });
});

describe("results side by side", () => {
  const two = run([
    statement({ id: 1, summary: "select 1", result: result() }),
    statement({ id: 2, summary: "select 2", line: 20, result: result() }),
  ]);

  it("are two panes with tabs of their own", async () => {
    view = await openView(browser, "results", { setup: ROWS });
    await view.post(snapshot(two));
    await view.page.getByRole("button", { name: "Show two results side by side" }).click();
    const [left, right] = [
      view.page.getByRole("region", { name: "Results 1" }),
      view.page.getByRole("region", { name: "Results 2" }),
    ];
    await left.getByRole("tab", { name: "Result 1" }).click();
    await right.getByRole("tab", { name: "Result 2" }).click();
    await left.getByRole("grid", { name: "Rows of select 1" }).waitFor();
    await right.getByRole("grid", { name: "Rows of select 2" }).waitFor();
    await right.getByRole("gridcell", { name: "Grace Hopper" }).first().click();
    expect(await last("select")).toMatchObject({ pane: 1, statementId: 2 });
    await right.getByRole("button", { name: "Close this side" }).click();
    await left.getByRole("grid", { name: "Rows of select 1" }).waitFor();
    expect(await right.count()).toBe(0);
  });
});

describe("pinned results", () => {
  const pin = {
    title: "old.sql",
    connectionName: "shop",
    statement: statement({ id: 9, line: 3, result: result() }),
  };

  it("have tabs beside those of the run, and can be unpinned by the keyboard", async () => {
    view = await openView(browser, "results", { setup: ROWS });
    await view.post(snapshot(run([statement({ result: result() })]), [pin]));
    await view.page.getByRole("button", { name: /^Pin/ }).click();
    expect(await last("pin")).toEqual({ type: "pin", statementId: 1 });
    await view.page.getByRole("tab", { name: "old.sql:3" }).click();
    expect(await view.page.getByRole("button", { name: /^Pin/ }).getAttribute("aria-pressed")).toBe("true");
    await press("Delete");
    expect(await last("unpin")).toEqual({ type: "unpin", statementId: 9 });
    await view.post(snapshot(run([statement({ result: result() })])));
    await view.page.getByRole("tab", { name: "Result 1", selected: true }).waitFor();
  });

  it("stay in view when there is no run", async () => {
    view = await openView(browser, "results", { setup: ROWS });
    await view.post(snapshot(null, [pin]));
    await view.page.getByRole("gridcell", { name: "Grace Hopper" }).first().waitFor();
  });
});

describe("what ran before the window was reloaded", () => {
  it("is shown without rows, with an offer to run it again", async () => {
    view = await openView(browser, "results", { setup: ROWS });
    const gone = statement({ state: "gone", timing: null, command: null });
    const pinned = { title: "old.sql", connectionName: "shop", statement: { ...gone, id: 9 } };
    await view.post(snapshot(run([gone], { hasRows: false }), [pinned]));
    await view.page.getByText("Its rows are gone").waitFor();
    await view.page.getByRole("button", { name: "Run Again" }).click();
    expect(await last("runAgain")).toEqual({ type: "runAgain", statementIds: [1] });
    await view.page.getByRole("tab", { name: "old.sql" }).click();
    await view.page.getByRole("button", { name: "Run Again" }).click();
    expect(await last("runAgain")).toEqual({ type: "runAgain", statementIds: [9] });
  });
});

describe("differences", () => {
  it("are marked by row and by value", async () => {
    const rows = [
      ["added", null, "3", "c"],
      ["before", "name", "1", "a"],
      ["after", "name", "1", "A"],
    ];
    const columns = ["difference", "changed columns", "id", "name"].map(
      (name) => ({ name, typeName: "text", alignment: "start" }) as const,
    );
    view = await openView(browser, "results", {
      setup: `globalThis.rowCount = 3; globalThis.rowAt = (n) => ${JSON.stringify(rows)}[n];`,
    });
    const differences = result({ columns, rowCount: 3, kind: "differences" });
    const command = "1 added, 0 removed, 1 changed, 7 the same";
    const pin = {
      title: "a.sql",
      connectionName: "shop",
      statement: statement({ command, result: differences }),
    };
    await view.post(snapshot(null, [pin]));
    await view.page.getByText(command).waitFor();
    expect(await view.page.locator(".row.added").count()).toBe(1);
    expect(await view.page.locator(".cell.changed").allTextContents()).toEqual(["a", "A"]);
  });
});

describe("loading all rows", () => {
  it("shows how far it is and can be stopped, by a button that stays in place", async () => {
    await open({ rowCount: 4_000, more: "open", loading: "all" });
    const stop = view.page.getByRole("button", { name: "Stop" });
    await stop.hover();
    await view.page.mouse.down();
    await view.post(
      snapshot(run([statement({ result: result({ rowCount: 8_000, more: "open", loading: "all" }) })])),
    );
    await view.page.getByText("8,000+ rows").waitFor();
    await view.page.mouse.up();
    expect(await last("stopLoading")).toEqual({ type: "stopLoading", statementId: 1 });
  });

  it("moves neither the rows in view nor the focus", async () => {
    await open({ rowCount: 4_000, more: "open", loading: "all" });
    await press("ArrowDown", "ArrowDown");
    await view.post(
      snapshot(run([statement({ result: result({ rowCount: 80_000, more: "open", loading: "all" }) })])),
    );
    await view.page.getByText("80,000+ rows").waitFor();
    expect(await focused().textContent()).toBe("3");
  });
});

describe("messages", () => {
  it("are drawn once for the same content, so that a press on a link is heard while others arrive", async () => {
    view = await openView(browser, "results", { setup: ROWS });
    await view.post(snapshot(MIXED_RUN));
    const link = view.page.getByRole("button", { name: "Line 8, column 1" });
    await link.hover();
    await view.page.mouse.down();
    await view.post(snapshot(MIXED_RUN));
    await view.page.mouse.up();
    expect(await last("reveal")).toEqual({ type: "reveal", statementId: 4 });
  });
});
