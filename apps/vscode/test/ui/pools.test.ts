import { openFile, runCommand } from "@rockpool/editor";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canRunEditor, startWorld, type World } from "./world.ts";

const SHOP = `begin;
update shop.products set stock = 0 where id = 1;
select pg_sleep(60);
select 1 as one;
`;

let world: World;

function dialog(): Locator {
  return world.page.locator(".monaco-dialog-box");
}

function poolItem(): Locator {
  return world.page.locator('[id="rockpool.rockpool.rockpool.pool"]');
}

async function pressOn(row: RegExp, button: string): Promise<void> {
  await world.treeItem(row).hover();
  await world.treeItem(row).getByRole("button", { name: button }).click();
}

describe.runIf(canRunEditor)("a pool of the editor's own", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    const settings = { "rockpool.leaks.thresholdSeconds": 1 };
    world = await startWorld({ files: { "shop.sql": SHOP }, settings });
    await openFile(world.page, "shop.sql");
    await runCommand(world.page, "View: Show Rockpool");
    await world.treeItem(/Pool shop/).waitFor();
  }, 300_000);

  afterAll(() => world?.stop());

  beforeEach(() => world.recordFailure());

  test("warns of a transaction that its editor holds and does nothing with, and rolls it back", async () => {
    await world.runAt(1);
    await world.statusBar(/TX/).waitFor();
    await world.runAt(2);
    await world.treeItem(/^#1 shop\.sql:2, suspected leak .*update shop\.products/).waitFor();
    await poolItem().locator(".codicon-warning").waitFor();
    await world.picture("own-leak");
    await pressOn(/^#1 shop\.sql/, "Roll Back and Release");
    await world.treeItem(/^#1, idle/).waitFor();
    await poolItem().locator(".codicon-warning").waitFor({ state: "detached" });
    const { rows } = await world.ask("select stock from shop.products where id = 1");
    expect(rows).toEqual([{ stock: 7457 }]);
  });

  test("takes another size, and refuses one that is none", async () => {
    await pressOn(/^Pool shop/, "Resize Pool…");
    const input = world.page.locator('.quick-input-widget input[type="text"]').first();
    await input.fill("0");
    await world.page.getByText("A whole number from 1 to 100").first().waitFor();
    await input.fill("2");
    await world.page.keyboard.press("Enter");
    await world.treeItem(/^Pool shop: 0 of 2 connections used/).waitFor();
  });

  test("tells how long its database takes to answer", async () => {
    await pressOn(/^Pool shop/, "Ping Database");
    await world.statusBar(/shop answers in [\d.]+ m?s, after [\d.]+ m?s in the pool/).waitFor();
  });

  test("closes its idle connections", async () => {
    await world.treeItem(/^#1, idle/).waitFor();
    await pressOn(/^Pool shop/, "Close Idle Connections");
    await world.treeItem(/^#1,/).waitFor({ state: "detached" });
    await world.treeItem(/^Pool shop: 0 of 2 connections used, 0 idle/).waitFor();
  });

  test("is drained: a connection in use goes when it comes back", async () => {
    await world.runAt(4);
    await world.treeItem(/^#2, idle/).waitFor();
    await pressOn(/^Pool shop/, "Drain Pool");
    await world.treeItem(/^#2,/).waitFor({ state: "detached" });
  });

  test("shows whose a server process is before it is terminated", async () => {
    await world.page.getByRole("tab", { name: "shop.sql" }).click();
    await world.runAt(3);
    const running = /^#3 shop\.sql:3, running/;
    await world.treeItem(running).waitFor();
    await world.chooseFor(world.treeItem(running), "Terminate Backend…");
    await dialog()
      .getByText(/Terminate the server process \d+\?/)
      .waitFor();
    await dialog()
      .getByText(/User: postgres[\s\S]*Application: Rockpool for VS Code[\s\S]*State: active/)
      .waitFor();
    await world.picture("terminate-backend");
    await dialog().getByRole("button", { name: "Terminate Process" }).click();
    await world.treeItem(running).waitFor({ state: "detached" });
    const { rows } = await world.ask(
      "select from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()",
    );
    expect(rows).toEqual([]);
  });
});
