import { describe, expect, it } from "vitest";
import type { ArrangementView } from "../../shared/protocol/results.ts";
import { ResultsPage } from "./results-page.ts";
import { result, run, snapshot, statement } from "./sample.ts";

const results = new ResultsPage();

function arrangement(overrides: Partial<ArrangementView>): ArrangementView {
  return { filters: [], sort: [], ...overrides };
}

describe("a column's menu", () => {
  it("opens from the keyboard at the header, and sorts by its column", async () => {
    await results.openRows();
    await results.press("ArrowRight", "ArrowUp");
    expect(await results.focused.getAttribute("role")).toBe("columnheader");
    await results.press("Enter");
    expect(await results.focused.textContent()).toBe("Sort ascending");
    await results.press("ArrowDown", "Enter");
    expect(await results.last("arrange")).toEqual({
      type: "arrange",
      statementId: 1,
      arrangement: arrangement({ sort: [{ column: 1, direction: "descending" }] }),
    });
    expect(await results.focused.getAttribute("role")).toBe("columnheader");
  });

  it("sorts by one more column where one is sorted by already", async () => {
    const sort = [{ column: 0, direction: "ascending" }] as const;
    await results.openRows({ arrangement: arrangement({ sort }) });
    expect(
      await results.page.getByRole("columnheader", { name: "id bigint" }).getAttribute("aria-sort"),
    ).toBe("ascending");
    await results.press("ArrowRight", "Alt+ArrowDown");
    await results.page.getByRole("menuitem", { name: "Then descending by this" }).click();
    expect(await results.last("arrange")).toMatchObject({
      arrangement: { sort: [...sort, { column: 1, direction: "descending" }] },
    });
  });

  it("opens by the pointer, and closes by Escape with the focus back at the header", async () => {
    await results.openRows();
    const header = results.page.getByRole("columnheader", { name: "total" });
    await header.hover();
    await header.locator(".menu-button").click();
    await results.page.getByRole("menu").waitFor();
    await results.press("Escape");
    expect(await results.page.getByRole("menu").count()).toBe(0);
    expect(await results.focused.textContent()).toContain("total");
  });

  it("freezes columns, which then stay in view", async () => {
    await results.openRows();
    await results.page.setViewportSize({ width: 520, height: 420 });
    await results.press("ArrowRight", "Alt+ArrowDown");
    await results.page.getByRole("menuitem", { name: "Freeze up to this" }).click();
    await results.press("Escape", "End");
    await expect.poll(() => results.active.textContent()).toBe('{"channel": "web", "items": 0}');
    const name = await results.page.getByRole("gridcell", { name: "Grace Hopper" }).first().boundingBox();
    expect(name?.x ?? -1).toBeGreaterThan(0);
    expect((name?.x ?? 0) + (name?.width ?? 0)).toBeLessThan(300);
  });

  it("can be done without: Alt and arrows change a width at the header", async () => {
    await results.openRows();
    await results.press("ArrowUp");
    const width = async () =>
      (await results.page.getByRole("columnheader", { name: "id bigint" }).boundingBox())?.width ?? 0;
    const before = await width();
    await results.press("Alt+ArrowRight", "Alt+ArrowRight");
    expect(await width()).toBe(before + 32);
    await results.press("ArrowDown");
    expect(await results.focused.getAttribute("role")).toBe("gridcell");
  });
});

describe("a filter", () => {
  it("offers the value of the active cell and what it is compared by", async () => {
    await results.openRows();
    await results.press("ArrowRight", "Alt+ArrowDown");
    await results.page.getByRole("menuitem", { name: "Filter…" }).click();
    const value = results.page.getByRole("textbox", { name: "Value" });
    expect(await value.inputValue()).toBe("Ada Lovelace");
    await results.page.getByRole("combobox", { name: "How" }).selectOption("notContains");
    await value.fill("ada");
    await results.press("Enter");
    expect(await results.last("arrange")).toMatchObject({
      arrangement: { filters: [{ column: 1, operator: "notContains", value: "ada" }] },
    });
  });

  it("needs no value to look for NULL", async () => {
    await results.openRows();
    await results.press("Alt+ArrowDown");
    await results.page.getByRole("menuitem", { name: "Filter…" }).click();
    await results.page.getByRole("combobox", { name: "How" }).selectOption("isNull");
    expect(await results.page.getByRole("textbox", { name: "Value" }).isVisible()).toBe(false);
    await results.page.getByRole("button", { name: "Filter", exact: true }).click();
    expect(await results.last("arrange")).toMatchObject({
      arrangement: { filters: [{ operator: "isNull", value: "" }] },
    });
  });

  it("shows as a chip that takes it away, beside how many rows it lets through", async () => {
    const filter = { column: 1, operator: "contains", value: "ada" } as const;
    await results.openRows({ arrangement: arrangement({ filters: [filter] }), shownCount: 17 });
    await results.page.getByText("17 of 100,000 loaded rows").waitFor();
    await results.page.getByRole("button", { name: "Remove: customer contains ada" }).click();
    expect(await results.last("arrange")).toMatchObject({ arrangement: { filters: [], sort: [] } });
  });

  it("says that rows on the server are not looked at, and offers to load them", async () => {
    const sort = [{ column: 0, direction: "ascending" }] as const;
    await results.openRows({ arrangement: arrangement({ sort }), more: "open" });
    await results.page.getByText("the server has more rows, which are not looked at").waitFor();
    await results.page
      .getByRole("group", { name: "Sorted and filtered" })
      .getByRole("button", { name: "Load all" })
      .click();
    expect(await results.last("load")).toEqual({ type: "load", statementId: 1, amount: "all" });
  });

  it("shows other rows when the host has them, and drops answers that come too late", async () => {
    await results.openRows();
    const filtered = { arrangement: arrangement({ filters: [] }), shownCount: 1, version: 1 };
    await results.page.evaluate(
      "globalThis.rowAt = () => ['only', 'row', '', '', '', '', '']; globalThis.rowCount = 1;",
    );
    await results.view.post(snapshot(run([statement({ result: result(filtered) })])));
    await results.page.getByRole("gridcell", { name: "only" }).waitFor();
    const late = { type: "rows", statementId: 1, version: 0, start: 0, firstColumn: 0, columnCount: 7 };
    await results.view.post({ ...late, rows: [["late", "", "", "", "", "", ""]] });
    expect(await results.page.getByText("late").count()).toBe(0);
  });
});

describe("the search", () => {
  it("counts, marks and goes from match to match, and Escape gives the focus back", async () => {
    await results.openRows();
    await results.press("Control+f");
    await results.page.keyboard.type("grace");
    expect(await results.last("find")).toEqual({
      type: "find",
      pane: 0,
      statementId: 1,
      needle: "grace",
      from: { row: 0, column: 0 },
      direction: "here",
    });
    const found = { type: "found", pane: 0, statementId: 1, needle: "grace", count: 16_667, isCut: false };
    await results.view.post({ ...found, at: { row: 1, column: 1, index: 1 } });
    await results.page.getByText("1 of 16,667").waitFor();
    expect(await results.page.locator(".cell.match").first().textContent()).toBe("Grace Hopper");
    expect(await results.focused.getAttribute("aria-label")).toBe("Find in rows");
    await results.press("Shift+Enter");
    expect(await results.last("find")).toMatchObject({ direction: "previous", from: { row: 1, column: 1 } });
    await results.view.post({ ...found, count: 0, at: null });
    await results.page.getByText("No match").waitFor();
    await results.press("Escape");
    expect(await results.page.getByRole("search").isVisible()).toBe(false);
    expect(await results.page.locator(".cell.match").count()).toBe(0);
    expect(await results.focused.textContent()).toBe("Grace Hopper");
  });
});
