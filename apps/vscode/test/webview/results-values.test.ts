import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { ResultsPage } from "./results-page.ts";
import { cell, result, run, snapshot, statement } from "./sample.ts";

const results = new ResultsPage();

/** Where a part of a text is drawn, in pixels. */
function leftOf(element: Locator, part: string): Promise<number> {
  return element.evaluate((root, text) => {
    const node = root.firstElementChild?.firstChild;
    const start = node?.textContent?.indexOf(text) ?? -1;
    if (!node || start < 0) return Number.NaN;
    const range = document.createRange();
    range.setStart(node, start);
    range.setEnd(node, start + text.length);
    return range.getBoundingClientRect().left;
  }, part);
}

describe("the whole value of a cell", () => {
  async function openCell(column: number, value: string | null) {
    await results.openRows();
    await results.press(...Array.from({ length: column }, () => "ArrowRight"), "Enter");
    await results.view.post(cell(0, column, value));
    return results.page.getByLabel("Value", { exact: true });
  }

  it("is a tree that folds where it is JSON, with numbers as they were written", async () => {
    const value = await openCell(
      6,
      '{"a": {"b": [1.50, 12345678901234567890, "x\\"", null, true]}, "e": {}}',
    );
    expect(await value.locator(".number").allTextContents()).toEqual(["1.50", "12345678901234567890"]);
    await value.locator("summary", { hasText: "a" }).click();
    expect(await value.locator(".number").first().isVisible()).toBe(false);
    await results.page.getByRole("button", { name: "Formatted" }).click();
    expect(await value.textContent()).toContain('{"a": {"b": [1.50, 12345678901234567890');
  });

  it("is a hex dump where it is bytes", async () => {
    await results.open();
    const columns = [{ name: "photo", typeName: "bytea", alignment: "start" }] as const;
    await results.view.post(snapshot(run([statement({ result: result({ columns }) })])));
    await results.active.focus();
    await results.press("Enter");
    await results.view.post(cell(0, 0, `\\x${"00".repeat(16)}48692100ff`));
    expect(await results.page.getByLabel("Value", { exact: true }).textContent()).toBe(
      `00000000  ${"00 ".repeat(15)}00  ................\n00000010  48 69 21 00 ff${" ".repeat(33)}  Hi!..`,
    );
  });

  it("tells NULL from the empty string, and shows blank space on demand", async () => {
    const value = await openCell(1, "");
    await results.page.getByText("empty string", { exact: true }).waitFor();
    await results.view.post(cell(0, 1, null));
    expect(await value.textContent()).toBe("NULL");
    await results.view.post(cell(0, 1, "a  b\tc\r\nd"));
    await results.page.getByRole("button", { name: "Blanks" }).click();
    expect(await value.textContent()).toBe("a··b⇥\tc␍↵\nd");
  });

  it("reads from right to left where its script does", async () => {
    const value = await openCell(1, "שלום abc");
    const left = (text: string) => leftOf(value, text);
    await expect.poll(async () => (await left("abc")) < (await left("שלום"))).toBe(true);
  });

  it("is an array line by line", async () => {
    await results.open();
    const columns = [{ name: "tags", typeName: "text[]", alignment: "start" }] as const;
    await results.view.post(snapshot(run([statement({ result: result({ columns }) })])));
    await results.active.focus();
    await results.press("Enter");
    await results.view.post(cell(0, 0, '{plain,"a, \\"b\\"",NULL,""}'));
    const items = results.page.locator(".array .item");
    expect(await items.allTextContents()).toEqual(["1plain", '2a, "b"', "3NULL", "4"]);
  });
});

describe("the row of a cell", () => {
  const values = ["1", "Ada Lovelace", "0.00", "true", "2026-03-01 12:00:07.25+00", null, '{"items": 0}'];
  const record = (row: number) => ({ type: "record", pane: 0, statementId: 1, row, values });

  async function openRecord(): Promise<void> {
    await results.openRows();
    await results.press("ArrowRight", "Enter");
    await results.view.post(cell(0, 1, "Ada Lovelace"));
    await results.page.getByRole("button", { name: "Row", exact: true }).click();
    expect(await results.last("record")).toEqual({ type: "record", pane: 0, statementId: 1, row: 0 });
    await results.view.post(record(0));
  }

  it("shows a line for each column, the active one marked, NULL apart from text", async () => {
    await openRecord();
    const fields = results.page.locator(".record .field");
    await expect.poll(() => fields.count()).toBe(7);
    expect(await fields.nth(2).locator("dt, dd").allTextContents()).toEqual(["total", "0.00"]);
    expect(await results.page.locator(".field.active dt").textContent()).toBe("customer");
    expect(await results.page.locator(".record .null").textContent()).toBe("NULL");
    await results.page.getByText("Row 1", { exact: true }).waitFor();
    await results.view.picture("results-record");
  });

  it("follows the arrow keys, and drops an answer that comes for another row", async () => {
    await openRecord();
    await results.active.focus();
    await results.press("ArrowDown", "ArrowRight");
    expect(await results.last("record")).toMatchObject({ row: 1 });
    await results.view.post(record(0));
    await results.view.post(record(1));
    await results.page.getByText("Row 2", { exact: true }).waitFor();
    expect(await results.page.locator(".field.active dt").textContent()).toBe("total");
    await results.page.getByRole("button", { name: "Row", exact: true }).click();
    expect(await results.last("cell")).toMatchObject({ row: 1, column: 2 });
  });
});

describe("blank space in the grid", () => {
  it("shows on demand, the empty string too", async () => {
    await results.open({
      setup: 'globalThis.rowCount = 1; globalThis.rowAt = () => ["a b", "", null, "", "", "", ""];',
    });
    await results.view.post(snapshot(run([statement({ result: result({ rowCount: 1 }) })])));
    await results.page.getByText("a b").waitFor();
    await results.page.getByRole("button", { name: "Show blank space" }).click();
    expect(await results.page.getByRole("gridcell").nth(0).textContent()).toBe("a·b");
    expect(await results.page.getByRole("gridcell", { name: "empty string" }).first().textContent()).toBe(
      "empty",
    );
    expect(await results.page.getByRole("gridcell", { name: "null", exact: true }).textContent()).toBe(
      "NULL",
    );
  });
});
