import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import { ResultsPage } from "./results-page.ts";

const results = new ResultsPage();

const SUMMARY = {
  cells: 120,
  nulls: 3,
  distinct: 117,
  isDistinctCut: false,
  sum: null,
  mean: null,
  isExact: true,
  least: "a text that is rather long and begins the range",
  most: "the last text of the range, which is long too",
};

/** Whether all of an element shows: neither its own box nor a box around it cuts it off. */
function showsWhole(element: Locator): Promise<boolean> {
  return element.evaluate((own) => {
    const { left, right, top, bottom } = own.getBoundingClientRect();
    if (own.scrollWidth > own.clientWidth + 1) return false;
    for (let box = own.parentElement; box !== null; box = box.parentElement) {
      const around = box.getBoundingClientRect();
      const isOutside = left < around.left - 1 || right > around.right + 1 || bottom > around.bottom + 1;
      if (isOutside || top < around.top - 1) return false;
    }
    return true;
  });
}

async function openMarked(width: number): Promise<void> {
  await results.openRows({ more: "open", rowCount: 1_000 }, { width });
  await results.press("Shift+ArrowDown");
  await results.view.post({ type: "summary", statementId: 1, pane: 0, summary: SUMMARY });
  await results.page
    .getByRole("status", { name: "Marked cells" })
    .getByText("cells")
    .waitFor({ state: "attached" });
}

describe("the line under the rows", () => {
  it.each([1_400, 920, 640, 420, 300])(
    "shows what can be pressed whole in a pane of %d pixels",
    async (width) => {
      await openMarked(width);
      await results.view.picture(`results-room-${width}`);
      expect(await showsWhole(results.page.getByRole("button", { name: "Load more" }))).toBe(true);
      expect(await showsWhole(results.page.getByRole("button", { name: "Load all" }))).toBe(true);
    },
  );

  it("gives what is marked the room of the times where there is too little for both", async () => {
    await openMarked(920);
    const figures = results.page.getByRole("status", { name: "Marked cells" }).locator(".figure");
    expect(await showsWhole(figures.filter({ hasText: "cells" }))).toBe(true);
    expect(await showsWhole(figures.filter({ hasText: "distinct" }))).toBe(true);
    expect(await showsWhole(results.page.getByTitle(/^render:/))).toBe(false);
  });

  it("shortens why there are no more rows, and shows it whole to who points at it", async () => {
    await results.openRows({ more: "limit", rowCount: 1_000 }, { width: 420 });
    const why = results.page.locator(".why");
    await results.view.picture("results-room-why");
    expect(await why.getAttribute("title")).toMatch(/^more rows are not kept/);
    expect(await why.evaluate((own) => own.clientWidth > 100 && own.scrollWidth > own.clientWidth)).toBe(
      true,
    );
  });
});
