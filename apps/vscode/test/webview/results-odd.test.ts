import type { Locator } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { ColumnView } from "../../shared/protocol/results.ts";
import { ResultsPage } from "./results-page.ts";
import { result, run, snapshot, statement } from "./sample.ts";

const results = new ResultsPage();

const TEXT: ColumnView = { name: "text", typeName: "text", alignment: "start" };

async function open(rows: readonly (readonly string[])[]): Promise<void> {
  const setup = `globalThis.rowCount = ${rows.length}; globalThis.rowAt = (n) => ${JSON.stringify(rows)}[n];`;
  await results.open({ setup });
}

function cellOf(text: string): Locator {
  return results.page.getByRole("gridcell", { name: text, exact: true });
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
    await results.view.post(snapshot(run([statement({ result: result({ columns, rowCount: 3 }) })])));
    const last = results.page.getByRole("gridcell").nth(2);
    await expect.poll(() => last.textContent()).toBe(filter);
    expect(await last.evaluate(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)).toBe(true);
    await results.view.picture("results-plan");
  });

  it("with text from right to left keeps it in its order, where the other texts of the column begin", async () => {
    await open([["plain"], ["שלום, עולם (1)!"], ["👩‍👩‍👧‍👦 emoji"]]);
    await results.view.post(snapshot(run([statement({ result: result({ columns: [TEXT], rowCount: 3 }) })])));
    await cellOf("שלום, עולם (1)!").waitFor();
    expect(await indentOf("שלום, עולם (1)!")).toBeCloseTo(await indentOf("plain"), 0);
    await results.view.picture("results-right-to-left");
  });

  it("with names that come twice shows each of its columns", async () => {
    await open([["1", "2", "3"]]);
    const columns = [TEXT, TEXT, TEXT];
    await results.view.post(snapshot(run([statement({ result: result({ columns, rowCount: 1 }) })])));
    await cellOf("3").waitFor();
    expect(await results.page.getByRole("columnheader", { name: "text text" }).count()).toBe(3);
  });

  it("without a column is a message, with the number of its rows", async () => {
    await open([]);
    await results.view.post(snapshot(run([statement({ summary: "select from t", affected: 5 })])));
    await results.page.getByText("SELECT 5", { exact: true }).waitFor();
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
    await results.view.post(snapshot(run([first])));
    await cellOf("2").waitFor();
    await results.page.getByText("for more, since its connection was given back").waitFor();
    await results.view.post(snapshot(run([{ ...first, state: "failed", error }])));
    await results.page.getByText("then the query failed, see Messages").waitFor();
    await cellOf("2").waitFor();
    await results.page.getByRole("tab", { name: /Messages/ }).click();
    await results.page.getByText("division by zero").waitFor();
  });
});
