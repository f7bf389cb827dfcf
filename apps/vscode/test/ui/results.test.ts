import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFile, openWorkbench, runCommand } from "@rockpool/editor";
import papaparse from "papaparse";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { canRunEditor, eventually, startWorld, type World } from "./world.ts";

const SQL = `select n as id, 'row ' || n as name, n * 0.1 as amount, json_build_object('n', n) as doc from generate_series(1, 30000) as n;

select id, name, price, stock from shop.products order by id limit 20;

update shop.products set price = price + 1 where id in (2, 3);

do $$ begin raise notice 'heard'; end $$;

select 70000 + nextval('shop.drawn') as ticket from generate_series(1, 1500);

select repeat('x', 200) as a, repeat('y', 200) as b, 'wide' as c;
`;

let world: World;

function grid() {
  return world.panel.getByRole("grid");
}

function active() {
  return world.panel.locator('.cell[tabindex="0"]');
}

async function clipboard(): Promise<string> {
  const text: unknown = await world.page.evaluate("navigator.clipboard.readText()");
  return String(text);
}

/** Chooses in a list of the workbench. */
async function choose(row: string | RegExp): Promise<void> {
  await world.page.locator(".quick-input-list .monaco-list-row", { hasText: row }).first().click();
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await world.page.keyboard.press(key);
}

/** Answers where a file is to go, once the workbench asks. */
async function saveAs(file: string): Promise<void> {
  const input = world.page.locator('.quick-input-widget input[type="text"]').first();
  await expect.poll(() => input.inputValue()).toContain("result.csv");
  await input.fill(file);
  await press("Enter");
  await vi.waitFor(() => expect(existsSync(file)).toBe(true), 20_000);
}

async function lastTicket(): Promise<unknown> {
  return (await world.ask("select last_value::int as n from shop.drawn")).rows[0]?.n;
}

async function runLine(line: number, seen: string): Promise<void> {
  await world.page.getByRole("tab", { name: "results.sql" }).click();
  await world.runAt(line);
  await grid().getByText(seen, { exact: true }).first().waitFor();
}

describe.runIf(canRunEditor)("results in the workbench", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    world = await startWorld({ files: { "results.sql": SQL } });
    await openFile(world.page, "results.sql");
    await world.statusBar("shop").waitFor();
  }, 300_000);

  afterAll(() => world?.stop());

  beforeEach(() => world.recordFailure());

  test("all rows are loaded on request, and each can be gone to", async () => {
    await runLine(1, "row 1");
    await world.panel.getByRole("button", { name: "Load all" }).click();
    await world.panel.getByText("30,000 rows", { exact: true }).waitFor();
    await grid().getByText("row 1", { exact: true }).click();
    await press("Control+g");
    await world.page.keyboard.type("29000");
    await press("Enter");
    await expect.poll(() => active().textContent()).toBe("row 29000");
    for (const part of ["wait", "server", "fetch", "render"])
      await world.panel.getByTitle(new RegExp(`^${part}:`)).waitFor();
  });

  test("marked cells come to an exact sum", async () => {
    await world.panel.getByRole("columnheader", { name: "amount" }).click();
    await world.panel.getByText("sum 45,001,500.0").waitFor();
    await world.panel.getByText("max 3,000.0").waitFor();
  });

  test("rows are sorted, filtered and searched by the keyboard", async () => {
    await grid().getByRole("gridcell").nth(1).click();
    await press("Home", "ArrowRight", "Alt+ArrowDown", "ArrowDown", "Enter");
    await grid().getByText("row 9999", { exact: true }).first().waitFor();
    await press("Alt+ArrowDown");
    await world.panel.getByRole("menuitem", { name: "Filter…" }).click();
    await world.panel.getByRole("textbox", { name: "Value" }).fill("row 777");
    await press("Enter");
    await world.panel.getByText("11 of 30,000 loaded rows").waitFor();
    await press("Control+f");
    await world.page.keyboard.type("7770");
    await world.panel.getByText("1 of 3", { exact: true }).waitFor();
    await world.picture("results-arranged-workbench");
    await press("Escape");
    await world.panel.getByRole("button", { name: "Clear" }).click();
    await grid().getByText("row 1", { exact: true }).waitFor();
  });

  test("the whole value shows beside the grid", async () => {
    await grid().getByText("row 1", { exact: true }).click();
    await press("End", "Enter");
    await world.panel.locator(".json .key", { hasText: "n" }).waitFor();
    await press("ArrowDown");
    await expect.poll(() => world.panel.locator(".json .number").textContent()).toBe("2");
    await world.panel.getByRole("button", { name: "Row", exact: true }).click();
    await expect
      .poll(() => world.panel.locator(".record dd").allTextContents())
      .toEqual(["2", "row 2", "0.2", '{"n" : 2}']);
    await press("Escape");
  });

  test("cells are copied in the format that is asked for, into the table that they come from", async () => {
    await runLine(3, "Terracotta Trellis");
    await grid().getByText("Terracotta Trellis").click();
    await press("Home", "Shift+ArrowDown", "Shift+ArrowRight", "Control+c");
    await eventually(async () => expect(await clipboard()).toMatch(/^1\tTerracotta Trellis\n2\t/));
    await world.chooseFor(active(), "Copy with Headers");
    await eventually(async () => expect(await clipboard()).toMatch(/^id\tname\n/));
    await grid().getByText("Terracotta Trellis").click();
    await press("Home", "Shift+ArrowDown", "Shift+ArrowRight");
    await runCommand(world.page, "Rockpool: Copy As…");
    await choose("INSERT");
    await eventually(async () =>
      expect(await clipboard()).toContain('INSERT INTO shop.products ("id", "name") VALUES\n  (1, '),
    );
  });

  test("a result opens as text, as psql prints it, one row under the other where lines would be long", async () => {
    await runLine(3, "Terracotta Trellis");
    await runCommand(world.page, "Rockpool: Open Result as Text");
    await world.page.getByRole("tab", { name: /results\.sql-3\.txt/, selected: true }).waitFor();
    await eventually(async () =>
      expect(await world.editorText()).toMatch(/^ +1 \| Terracotta Trellis +\| +\d/m),
    );
    await world.picture("results-as-text");
    await runCommand(world.page, "View: Close Editor");
    await runLine(11, "wide");
    await runCommand(world.page, "Rockpool: Open Result as Text");
    await eventually(async () =>
      expect(await world.editorText()).toMatch(/^-\[ RECORD 1 \]\na +\| x{200}$/m),
    );
    await runCommand(world.page, "View: Close Editor");
  });

  test("a result is exported to a file while its rows arrive, and none is kept for it", async () => {
    await runLine(1, "row 1");
    await world.panel.getByText("1–1,000 of 1,000+ rows").waitFor();
    const file = join(world.editor.folder, "all.csv");
    await world.panel.getByRole("button", { name: "Export to a file…" }).click();
    await choose("All rows of the query");
    await choose("CSV");
    await saveAs(file);
    const { data } = papaparse.parse<string[]>(readFileSync(file, "utf8").trimEnd(), { newline: "\r\n" });
    expect([data.length, data[0], data.at(-1)?.slice(0, 2)]).toEqual([
      30_001,
      ["id", "name", "amount", "doc"],
      ["30000", "row 30000"],
    ]);
    expect(statSync(file).size).toBeGreaterThan(500_000);
    await world.panel.getByText("1–1,000 of 1,000+ rows").waitFor();
    await world.closeNotifications();
  });

  test("a pinned result outlives the next run, and the two are compared", async () => {
    await runLine(3, "Terracotta Trellis");
    await world.panel.getByRole("button", { name: /^Pin/ }).click();
    await world.panel.getByRole("tab", { name: /results\.sql:3/ }).waitFor();
    await world.page.getByRole("tab", { name: "results.sql" }).click();
    await world.runAt(5);
    await world.panel.getByText("UPDATE 2").waitFor();
    await runLine(3, "Terracotta Trellis");
    await world.panel.getByRole("button", { name: "Compare with another result…" }).click();
    await choose("select id, name, price");
    await world.page.locator(".quick-input-list .monaco-list-row", { hasText: "id" }).first().waitFor();
    await press("Enter");
    await world.panel.getByText("0 added, 0 removed, 2 changed, 18 the same").waitFor();
    await expect.poll(() => world.panel.locator(".row.after .cell.changed").count()).toBe(2);
    await world.panel.getByRole("button", { name: "Show two results side by side" }).click();
    await world.panel
      .getByRole("region", { name: "Results 2" })
      .getByRole("tab", { name: /results\.sql:3/ })
      .click();
    await world.picture("results-differences-workbench");
    await world.panel
      .getByRole("region", { name: "Results 2" })
      .getByRole("button", { name: "Close this side" })
      .click();
  });

  test("an export asks before a query that may write runs a second time for it", async () => {
    await world.ask("create sequence shop.drawn");
    await runLine(9, "70001");
    await world.panel.getByRole("button", { name: /^Pin/ }).click();
    await runLine(3, "Terracotta Trellis");
    await world.panel.getByRole("tab", { name: /results\.sql:9/ }).click();
    await grid().getByText("70001", { exact: true }).waitFor();
    const before = await lastTicket();
    const dialog = world.page.locator(".monaco-dialog-box");
    const exportAll = async () => {
      await world.panel.getByRole("button", { name: "Export to a file…" }).click();
      await choose("All rows of the query");
      await choose("CSV");
      await dialog.getByText("CALL nextval() (line 9): may write").waitFor();
    };
    await exportAll();
    await world.picture("results-export-again");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await dialog.waitFor({ state: "hidden" });
    expect(await lastTicket()).toBe(before);
    await exportAll();
    await dialog.getByRole("button", { name: "Run Again" }).click();
    const file = join(world.editor.folder, "tickets.csv");
    await saveAs(file);
    expect(readFileSync(file, "utf8").trimEnd().split("\r\n")).toHaveLength(1_501);
    await world.closeNotifications();
  });

  test("a result leads to its query, and opens in a tab of the editor", async () => {
    await runLine(3, "Terracotta Trellis");
    await world.panel.getByRole("button", { name: "results.sql:3" }).click();
    await world.statusBar(/Ln 3, Col \d+ \(\d+ selected\)/).waitFor();
    await world.panel.getByRole("button", { name: "Open in a tab of the editor" }).click();
    await world.page.getByRole("tab", { name: /select id, name, price/ }).waitFor();
    const second = world.page
      .frameLocator("iframe.webview.ready:visible")
      .nth(1)
      .frameLocator("iframe#active-frame");
    await second.getByRole("grid").getByText("Terracotta Trellis").waitFor();
    await world.picture("results-editor-tab");
  });

  test("after a reload of the window the view says what ran, and runs it again", async () => {
    await world.page.reload();
    await openWorkbench(world.page, world.editor);
    await world.statusBar("shop").waitFor();
    await world.panel
      .getByText("gone, since the window was reloaded")
      .or(world.panel.getByText("Its rows are gone"))
      .first()
      .waitFor();
    await world.picture("results-recalled");
    // The workbench stores once a minute how a view was arranged: there may be two sides again.
    await world.panel.getByRole("button", { name: "Run Again" }).first().click();
    await grid().getByText("Terracotta Trellis").first().waitFor();
  });

  test("results show in a tab of the editor where the settings have it so", async () => {
    const settings = join(world.editor.folder, ".vscode", "settings.json");
    mkdirSync(join(settings, ".."), { recursive: true });
    await runCommand(world.page, "View: Close All Editors");
    await runCommand(world.page, "View: Hide Panel");
    writeFileSync(settings, JSON.stringify({ "rockpool.results.location": "editor" }));
    await openFile(world.page, "results.sql");
    const tab = world.page.getByRole("tab", { name: "Query Results" });
    await vi.waitFor(async () => {
      await world.runAt(3);
      await tab.waitFor({ timeout: 2_000 });
    }, 30_000);
    await grid().getByText("Terracotta Trellis").waitFor();
    await world.picture("results-location-editor");
  });
});
