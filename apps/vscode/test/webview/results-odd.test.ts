import type { Browser, Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ColumnView } from "../../shared/protocol/results.ts";
import { result, run, snapshot, statement } from "./sample.ts";
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

const TEXT: ColumnView = { name: "text", typeName: "text", alignment: "start" };

async function open(rows: readonly (readonly string[])[]): Promise<void> {
  const setup = `globalThis.rowCount = ${rows.length}; globalThis.rowAt = (n) => ${JSON.stringify(rows)}[n];`;
  view = await openView(browser, "results", { setup });
}

function cellOf(text: string): Locator {
  return view.page.getByRole("gridcell", { name: text, exact: true });
}

/** How far the text of a cell begins from the cell's left edge, in pixels. */
function indentOf(text: string): Promise<number> {
  return cellOf(text).evaluate((cell) => {
    const range = document.createRange();
    const [text] = cell.childNodes;
    if (text === undefined) return Number.NaN;
    range.setStart(text, 0);
    range.setEnd(text, text.textContent?.length ?? 0);
    return range.getBoundingClientRect().left - cell.getBoundingClientRect().left;
  });
}

describe("a result", () => {
  it("of a plan shows its lines whole, with their indentation", async () => {
    const columns = [{ ...TEXT, name: "QUERY PLAN" }];
    const deep =
      "              ->  Index Scan using order_lines_pkey on shop.order_lines (cost=0.29..8.31 rows=1)";
    const filter = `${" ".repeat(20)}Filter: ((placed_at > (now() - '7 days'::interval)) AND (status <> 'gone'::text))`;
    await open([["Nested Loop  (cost=1.09..21.49 rows=415 width=402)"], [deep], [filter]]);
    await view.post(snapshot(run([statement({ result: result({ columns, rowCount: 3 }) })])));
    const last = view.page.getByRole("gridcell").nth(2);
    await expect.poll(() => last.textContent()).toBe(filter);
    expect(await last.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true);
    await view.picture("results-plan");
  });

  it("with text from right to left keeps it in its order, where the other texts of the column begin", async () => {
    await open([["plain"], ["שלום, עולם (1)!"], ["👩‍👩‍👧‍👦 emoji"]]);
    await view.post(snapshot(run([statement({ result: result({ columns: [TEXT], rowCount: 3 }) })])));
    await cellOf("שלום, עולם (1)!").waitFor();
    expect(await indentOf("שלום, עולם (1)!")).toBeCloseTo(await indentOf("plain"), 0);
    await view.picture("results-right-to-left");
  });

  it("with names that come twice shows each of its columns", async () => {
    await open([["1", "2", "3"]]);
    const columns = [TEXT, TEXT, TEXT];
    await view.post(snapshot(run([statement({ result: result({ columns, rowCount: 1 }) })])));
    await cellOf("3").waitFor();
    expect(await view.page.getByRole("columnheader", { name: "text text" }).count()).toBe(3);
  });

  it("without a column is a message, with the number of its rows", async () => {
    await open([]);
    await view.post(snapshot(run([statement({ summary: "select from t", affected: 5 })])));
    await view.page.getByText("SELECT 5", { exact: true }).waitFor();
  });

  it("whose query failed after its first rows says so beside them", async () => {
    await open([["1"], ["2"]]);
    const error = {
      title: "division by zero",
      code: "22012",
      detail: null,
      hint: null,
      context: null,
      place: null,
      remedy: null,
    };
    const shown = result({ columns: [TEXT], rowCount: 2, more: "closed" });
    const first = statement({ result: shown });
    await view.post(snapshot(run([first])));
    await cellOf("2").waitFor();
    await view.page.getByText("for more, since its connection was given back").waitFor();
    await view.post(snapshot(run([{ ...first, state: "failed", error }])));
    await view.page.getByText("then the query failed, see Messages").waitFor();
    await cellOf("2").waitFor();
    await view.page.getByRole("tab", { name: /Messages/ }).click();
    await view.page.getByText("division by zero").waitFor();
  });
});
