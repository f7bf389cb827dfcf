import { openFile, runCommand } from "@rockpool/editor";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { canRunEditor, eventually, startWorld, type World } from "./world.ts";

const SHOP = `select id, name, price from shop.products order by id limit 3;

select id, nmae
from shop.customers;

select pg_sleep(30);

select n, repeat('x', (n % 40)::int) as text, null as nothing from generate_series(1, 2500) as n;

begin;

update shop.products set stock = 0 where id = 1;
`;

let world: World;

/** How many statements of the editor the server works on, in the server's own words. */
async function sleepers(): Promise<number> {
  const { rows } = await world.ask(
    "select 1 from pg_stat_activity where state = 'active' and query like '%pg_sleep(30)%' and pid <> pg_backend_pid()",
  );
  return rows.length;
}

/** How long the statement has run, as the results say. */
async function elapsedSeconds(): Promise<number> {
  const text = await world.panel.locator(".elapsed").textContent();
  return Number(/^([\d.]+) s$/.exec(text ?? "")?.[1] ?? 0);
}

describe.runIf(canRunEditor)("a .sql file that is connected", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    world = await startWorld({ files: { "shop.sql": SHOP } });
    await openFile(world.page, "shop.sql");
    await world.statusBar("shop").waitFor();
    await runCommand(world.page, "View: Show Rockpool");
    await world.treeItem(/Pool shop/).waitFor();
  }, 300_000);

  afterAll(() => world?.stop());

  beforeEach(async () => {
    world.recordFailure();
    await world.page.getByRole("tab", { name: "shop.sql" }).click();
  });

  test("a statement's rows show in the grid, with their columns and types", async () => {
    await world.runAt(1);
    await world.panel.getByText("Terracotta Trellis").waitFor();
    for (const text of [
      "id",
      "bigint",
      "name",
      "text",
      "price",
      "numeric(10,2)",
      "16.00",
      "58.23",
      "99.94",
    ]) {
      expect(await world.panel.getByText(text, { exact: true }).count(), text).toBeGreaterThan(0);
    }
    await world.picture("rows");
  });

  test("the connection that ran a statement is idle in the Pools view afterwards", async () => {
    await world.treeItem(/^#1, idle/).waitFor();
    await world.treeItem(/Pool shop: 0 of 4 connections used, 1 idle, 0 waiting/).waitFor();
  });

  test("an error is marked at the word that is wrong, and said in the results", async () => {
    await world.runAt(3);
    await world.page.locator(".squiggly-error").first().waitFor();
    expect(await world.marked("squiggly-error", "nmae")).toBe(true);
    await world.panel.getByText('column "nmae" does not exist').first().waitFor();
    await world.picture("error");
  });

  test("a running statement shows in the Pools view, and its slot comes back when it is cancelled", async () => {
    await world.runAt(6);
    const running = world.treeItem(/shop\.sql:6.*running.*select pg_sleep\(30\)/);
    await running.waitFor();
    await world.treeItem(/Pool shop: 1 of 4 connections used/).waitFor();
    await eventually(async () => expect(await sleepers()).toBe(1));
    await world.picture("running");
    await running.hover();
    await running.getByRole("button", { name: "Cancel Statement" }).click();
    await world.treeItem(/^#1, idle/).waitFor();
    await world.panel.getByText("cancelled").first().waitFor();
    await world.picture("cancelled");
    expect(await sleepers()).toBe(0);
  });

  test("a button of the Pools view is heard however long it is pressed while the statement runs on", async () => {
    await world.runAt(6);
    const running = world.treeItem(/shop\.sql:6.*running/);
    await running.hover();
    await running.getByRole("button", { name: "Cancel Statement" }).hover();
    await world.page.mouse.down();
    const pressedAt = await elapsedSeconds();
    await vi.waitFor(async () => expect(await elapsedSeconds()).toBeGreaterThan(pressedAt + 2), 10_000);
    await world.page.mouse.up();
    await world.panel.getByText("cancelled").first().waitFor();
    await world.treeItem(/^#1, idle/).waitFor();
    await eventually(async () => expect(await sleepers()).toBe(0));
  });

  test("a statement can be cancelled from the keyboard", async () => {
    await world.runAt(6);
    await world.treeItem(/shop\.sql:6.*running/).waitFor();
    await world.page.keyboard.press("Control+Alt+c");
    await world.panel.getByText("cancelled").first().waitFor();
    await world.treeItem(/^#1, idle/).waitFor();
    await eventually(async () => expect(await sleepers()).toBe(0));
  });

  test("a result with many rows keeps its connection until its last page is fetched", async () => {
    await world.runAt(8);
    await world.panel.getByText("1–1,000 of 1,000+ rows").waitFor();
    await world.treeItem(/shop\.sql:8.*more rows to load/).waitFor();
    await world.panel.getByText("Load more").click();
    await world.panel.getByText("2,000+ rows").waitFor();
    await world.panel.getByText("Load more").click();
    await world.panel.getByText("2,500 rows").waitFor();
    await world.treeItem(/^#1, idle/).waitFor();
    await world.picture("all-pages");
  });

  test("a transaction keeps its connection in view until it is rolled back", async () => {
    await world.runAt(10);
    const kept = world.treeItem(/shop\.sql:10.*transaction/);
    await kept.waitFor();
    await world.statusBar("TX").waitFor();
    await world.runAt(12);
    await world.panel.getByText("UPDATE").first().waitFor();
    await world.picture("transaction");
    await runCommand(world.page, "Rockpool: Roll Back Transaction");
    await world.treeItem(/^#1, idle/).waitFor();
    const { rows } = await world.ask("select stock from shop.products where id = 1");
    expect(rows).toEqual([{ stock: 7457 }]);
  });

  test("the dashboard tells what happened before it was opened, and leads back to the statement", async () => {
    await runCommand(world.page, "Rockpool: Open Pool Dashboard");
    await world.page.getByRole("tab", { name: "Pool Dashboard", selected: true }).waitFor();
    await world.panel.getByText("shop").first().waitFor();
    await world.panel.getByText("#1").first().waitFor();
    await world.picture("dashboard");
    await world.panel.getByRole("button", { name: "10 min" }).click();
    await world.panel.getByRole("button", { name: "Table" }).click();
    await world.panel.getByRole("button", { name: /#1$/ }).first().click();
    const uses = world.panel.getByRole("table", { name: /^Uses of/ });
    await uses
      .getByRole("row", { name: /pg_sleep|SELECT/i })
      .first()
      .waitFor();
    await world.picture("dashboard-uses");
    const caller = uses.getByRole("button", { name: /^shop\.sql:/ }).first();
    const line = (await caller.textContent())?.split(":")[1];
    await caller.click();
    await world.statusBar(`Ln ${line}, Col 1`).waitFor();
  });

  test("the dashboard opens in an editor too, and is told everything when it shows again", async () => {
    await runCommand(world.page, "Rockpool: Open Pool Dashboard in an Editor");
    const tab = world.page.locator(".tab", { hasText: "Pool Dashboard" });
    await tab.waitFor();
    const inTab = world.page.frameLocator("iframe.webview.ready").last().frameLocator("iframe#active-frame");
    await inTab.getByRole("slider").waitFor();
    await world.picture("dashboard-editor-tab");
    await openFile(world.page, "shop.sql");
    await world.runAt(1);
    await tab.click();
    await inTab.getByRole("button", { name: "Table" }).click();
    await inTab.getByRole("button", { name: /#1$/ }).first().click();
    await inTab
      .getByRole("table", { name: /^Uses of/ })
      .getByRole("button", { name: "shop.sql:1" })
      .first()
      .waitFor();
  });
});
