import { describe, expect, it } from "vitest";
import { ResultsPage } from "./results-page.ts";
import { cell, MIXED_RUN, ROWS, result, run, snapshot, statement } from "./sample.ts";
import { THEMES, type Theme } from "./themes.ts";

const results = new ResultsPage();

const FILTERED = result({
  shownCount: 61_204,
  more: "open",
  arrangement: {
    filters: [
      { column: 1, operator: "contains", value: "a" },
      { column: 2, operator: "greaterOrEqual", value: "100" },
    ],
    sort: [
      { column: 4, direction: "descending" },
      { column: 0, direction: "ascending" },
    ],
  },
});

const DIFFERENCES = result({
  columns: ["difference", "changed columns", "id", "customer", "total"].map((name) => ({
    name,
    typeName: name === "total" ? "numeric(10,2)" : "text",
    alignment: name === "total" ? "end" : "start",
  })),
  rowCount: 6,
  kind: "differences",
});

const DIFFERENT_ROWS = `
  globalThis.rowCount = 6;
  globalThis.rowAt = (n) => [
    ["before", "total", "17", "Ada Lovelace", "120.00"],
    ["after", "total", "17", "Ada Lovelace", "95.50"],
    ["before", "customer, total", "21", "Grace Hoper", "8.00"],
    ["after", "customer, total", "21", "Grace Hopper", "9.00"],
    ["added", "", "99", "Frances Allen", "40.10"],
    ["removed", "", "23", "Donald Knuth", null],
  ][n];
`;

async function open(theme: Theme, setup = ROWS) {
  await results.open({ theme, setup, width: 1200, height: 420 });
}

/** Keeps a picture, and proves that the page as it is now is accessible. */
async function keep(name: string, theme: Theme) {
  await results.view.picture(`${name}-${theme.name}`);
  expect((await results.view.accessibilityFaults()).join("\n")).toBe("");
}

describe("in four themes, accessible", () => {
  it.each(THEMES)("the grid with marked cells in $name", async (theme) => {
    await open(theme);
    await results.view.post(snapshot(run([statement({ result: result() })])));
    await results.page.getByRole("gridcell", { name: "Grace Hopper" }).first().waitFor();
    await results.active.focus();
    await results.press("ArrowDown", "ArrowRight", "ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown");
    const summary = {
      cells: 3,
      nulls: 0,
      distinct: 3,
      isDistinctCut: false,
      sum: "475.14",
      mean: "158.38",
      isExact: true,
      least: "79.19",
      most: "237.57",
    };
    await results.view.post({ type: "summary", pane: 0, statementId: 1, summary });
    await results.page.getByText("sum 475.14").waitFor();
    await keep("results-grid", theme);
  });

  it.each(THEMES)("sorted, filtered and searched, with a value open, in $name", async (theme) => {
    await open(theme);
    const pin = {
      title: "yesterday.sql",
      connectionName: "shop",
      statement: statement({ id: 9, line: 3, result: result() }),
    };
    await results.view.post(snapshot(run([statement({ result: FILTERED })]), [pin]));
    await results.page.getByRole("gridcell", { name: "Grace Hopper" }).first().waitFor();
    await results.active.focus();
    await results.press("End", "ArrowDown", "Enter");
    await results.view.post(
      cell(
        1,
        6,
        '{"channel":"web","items":[{"sku":"A-17","count":2,"price":19.90},{"sku":"B-2","gift":null}],"paid":true}',
      ),
    );
    await results.press("Control+f");
    await results.page.keyboard.type("hop");
    const found = { type: "found", pane: 0, statementId: 1, needle: "hop", count: 10_201, isCut: false };
    await results.view.post({ ...found, at: { row: 1, column: 1, index: 1 } });
    await results.page.getByText("1 of 10,201").waitFor();
    await keep("results-arranged", theme);
  });

  it.each(THEMES)("a column's menu and a filter in $name", async (theme) => {
    await open(theme);
    await results.view.post(snapshot(run([statement({ result: FILTERED })])));
    await results.active.focus();
    await results.press("ArrowRight", "Alt+ArrowDown", "ArrowDown");
    await keep("results-menu", theme);
    await results.page.getByRole("menuitem", { name: "Filter…" }).click();
    await keep("results-filter", theme);
  });

  it.each(THEMES)("messages with an error and notices in $name", async (theme) => {
    await open(theme);
    await results.view.post(
      snapshot({ ...MIXED_RUN, statements: [...MIXED_RUN.statements, statement({ result: result() })] }),
    );
    await results.page.getByRole("alert").waitFor();
    await keep("results-messages", theme);
  });

  it.each(THEMES)("differences beside rows in $name", async (theme) => {
    await open(theme, DIFFERENT_ROWS);
    const command = "1 added, 1 removed, 2 changed, 994 the same";
    const pin = {
      title: "orders.sql",
      connectionName: "shop",
      statement: statement({ id: 9, command, result: DIFFERENCES }),
    };
    await results.view.post(
      snapshot(run([statement({ id: 1, state: "gone", timing: null })], { hasRows: false }), [pin]),
    );
    await results.page.getByRole("button", { name: "Show two results side by side" }).click();
    await results.page
      .getByRole("region", { name: "Results 1" })
      .getByRole("tab", { name: "Differences" })
      .click();
    await results.page.locator(".row.removed").waitFor();
    await keep("results-differences", theme);
  });
});
