import { describe, expect, it } from "vitest";
import { ResultsPage } from "./results-page.ts";
import { MIXED_RUN, result, run, snapshot, statement } from "./sample.ts";

const results = new ResultsPage();

describe("results side by side", () => {
  const two = run([
    statement({ id: 1, summary: "select 1", result: result() }),
    statement({ id: 2, summary: "select 2", line: 20, result: result() }),
  ]);

  it("are two panes with tabs of their own", async () => {
    await results.open();
    await results.view.post(snapshot(two));
    await results.page.getByRole("button", { name: "Show two results side by side" }).click();
    const [left, right] = [
      results.page.getByRole("region", { name: "Results 1" }),
      results.page.getByRole("region", { name: "Results 2" }),
    ];
    await left.getByRole("tab", { name: "Result 1" }).click();
    await right.getByRole("tab", { name: "Result 2" }).click();
    await left.getByRole("grid", { name: "Rows of select 1" }).waitFor();
    await right.getByRole("grid", { name: "Rows of select 2" }).waitFor();
    await right.getByRole("gridcell", { name: "Grace Hopper" }).first().click();
    expect(await results.last("select")).toMatchObject({ pane: 1, statementId: 2 });
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
    await results.open();
    await results.view.post(snapshot(run([statement({ result: result() })]), [pin]));
    await results.page.getByRole("button", { name: /^Pin/ }).click();
    expect(await results.last("pin")).toEqual({ type: "pin", statementId: 1 });
    await results.page.getByRole("tab", { name: "old.sql:3" }).click();
    expect(await results.page.getByRole("button", { name: /^Pin/ }).getAttribute("aria-pressed")).toBe(
      "true",
    );
    await results.press("Delete");
    expect(await results.last("unpin")).toEqual({ type: "unpin", statementId: 9 });
    await results.view.post(snapshot(run([statement({ result: result() })])));
    await results.page.getByRole("tab", { name: "Result 1", selected: true }).waitFor();
  });

  it("stay in view when there is no run", async () => {
    await results.open();
    await results.view.post(snapshot(null, [pin]));
    await results.page.getByRole("gridcell", { name: "Grace Hopper" }).first().waitFor();
  });
});

describe("what ran before the window was reloaded", () => {
  it("is shown without rows, with an offer to run it again", async () => {
    await results.open();
    const gone = statement({ state: "gone", timing: null, command: null });
    const pinned = { title: "old.sql", connectionName: "shop", statement: { ...gone, id: 9 } };
    await results.view.post(snapshot(run([gone], { hasRows: false }), [pinned]));
    await results.page.getByText("Its rows are gone").waitFor();
    await results.page.getByRole("button", { name: "Run Again" }).click();
    expect(await results.last("runAgain")).toEqual({ type: "runAgain", statementIds: [1] });
    await results.page.getByRole("tab", { name: "old.sql" }).click();
    await results.page.getByRole("button", { name: "Run Again" }).click();
    expect(await results.last("runAgain")).toEqual({ type: "runAgain", statementIds: [9] });
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
    await results.open({
      setup: `globalThis.rowCount = 3; globalThis.rowAt = (n) => ${JSON.stringify(rows)}[n];`,
    });
    const differences = result({ columns, rowCount: 3, kind: "differences" });
    const command = "1 added, 0 removed, 1 changed, 7 the same";
    const pin = {
      title: "a.sql",
      connectionName: "shop",
      statement: statement({ command, result: differences }),
    };
    await results.view.post(snapshot(null, [pin]));
    await results.page.getByText(command).waitFor();
    expect(await results.page.locator(".row.added").count()).toBe(1);
    expect(await results.page.locator(".cell.changed").allTextContents()).toEqual(["a", "A"]);
  });
});

describe("loading all rows", () => {
  it("shows how far it is and can be stopped, by a button that stays in place", async () => {
    await results.openRows({ rowCount: 4_000, more: "open", loading: "all" });
    const stop = results.page.getByRole("button", { name: "Stop" });
    await stop.hover();
    await results.page.mouse.down();
    await results.view.post(
      snapshot(run([statement({ result: result({ rowCount: 8_000, more: "open", loading: "all" }) })])),
    );
    await results.page.getByText("8,000+ rows").waitFor();
    await results.page.mouse.up();
    expect(await results.last("stopLoading")).toEqual({ type: "stopLoading", statementId: 1 });
  });

  it("moves neither the rows in view nor the focus", async () => {
    await results.openRows({ rowCount: 4_000, more: "open", loading: "all" });
    await results.press("ArrowDown", "ArrowDown");
    await results.view.post(
      snapshot(run([statement({ result: result({ rowCount: 80_000, more: "open", loading: "all" }) })])),
    );
    await results.page.getByText("80,000+ rows").waitFor();
    expect(await results.focused.textContent()).toBe("3");
  });
});

describe("messages", () => {
  it("are drawn once for the same content, so that a press on a link is heard while others arrive", async () => {
    await results.open();
    await results.view.post(snapshot(MIXED_RUN));
    const link = results.page.getByRole("button", { name: "Line 8, column 1" });
    await link.hover();
    await results.page.mouse.down();
    await results.view.post(snapshot(MIXED_RUN));
    await results.page.mouse.up();
    expect(await results.last("reveal")).toEqual({ type: "reveal", statementId: 4 });
  });
});

describe("the end of a run", () => {
  const live = () => results.page.locator("[aria-live]");

  async function end(id: number, statements: Parameters<typeof run>[0]): Promise<void> {
    await results.view.post(snapshot(run(statements, { id, isRunning: true })));
    await results.view.post(snapshot(run(statements, { id })));
  }

  it("is told to a screen reader by its outcome", async () => {
    await results.open();
    await results.view.post(snapshot(null));
    await end(1, [statement({ result: result({ rowCount: 1_200 }) })]);
    await expect.poll(() => live().textContent()).toBe("1,200 rows");
    await end(2, MIXED_RUN.statements);
    await expect.poll(() => live().textContent()).toMatch(/^1 of 4 statements failed: duplicate key value/);
    await end(3, [statement({ affected: 5 }), statement({ id: 2, affected: 1 })]);
    await expect.poll(() => live().textContent()).toBe("2 of 2 statements done");
    await end(4, [statement({ state: "cancelled" })]);
    await expect.poll(() => live().textContent()).toBe("cancelled");
  });

  it("is told once, and not where it was before the view was there", async () => {
    await results.open();
    await results.view.post(snapshot(run([statement({ affected: 5 })], { id: 1 })));
    await results.page.getByText("SELECT 5").waitFor();
    expect(await live().textContent()).toBe("");
    await end(2, [statement({ affected: 6 })]);
    await expect.poll(() => live().textContent()).toBe("SELECT 6");
    await results.page.evaluate(() => {
      const region = document.querySelector("[aria-live]");
      if (region !== null) Reflect.set(region, "textContent", "");
    });
    await results.view.post(snapshot(run([statement({ affected: 6 })], { id: 2 })));
    await results.page.getByText("SELECT 6").waitFor();
    expect(await live().textContent()).toBe("");
  });
});
