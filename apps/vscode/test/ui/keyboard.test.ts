import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openFile, runCommand } from "@rockpool/editor";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canRunEditor, startWorld, type World } from "./world.ts";

const SHOP = `begin;
update shop.products set stock = 0 where id = 1;
select 1 as one;
`;

/** More stops than the dashboard has. */
const MOST_TABS = 60;

let world: World;

function press(...keys: readonly string[]): Promise<void> {
  return keys.reduce((before, key) => before.then(() => world.page.keyboard.press(key)), Promise.resolve());
}

/** Walks a tree down to a row. */
async function walkTo(row: RegExp): Promise<void> {
  const focused = world.page.locator(".pane .monaco-list:focus-within .monaco-list-row.focused");
  await press("Home");
  await expect
    .poll(async () => {
      const label = await focused.first().getAttribute("aria-label");
      if (label !== null && row.test(label)) return "there";
      await press("ArrowDown");
      return label;
    })
    .toBe("there");
}

/** Chooses from the menu of the row that has the focus. */
async function chooseFromMenu(entry: string): Promise<void> {
  await press("Shift+F10");
  const focused = world.page.locator(".context-view .action-item.focused");
  await world.page.getByRole("menuitem", { name: entry }).waitFor();
  await expect
    .poll(async () => {
      const text = (await focused.count()) === 0 ? "" : ((await focused.first().textContent()) ?? "");
      if (text.startsWith(entry)) return "there";
      await press("ArrowDown");
      return text;
    })
    .toBe("there");
  await press("Enter");
}

/** Goes from stop to stop of the dashboard until one is reached. */
async function tabTo(target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  for (let tab = 0; tab < MOST_TABS; tab += 1) {
    if (await target.evaluate((element) => element.matches(":focus"))) return;
    await press(key);
  }
  throw new Error(`${key} does not lead to ${target}`);
}

async function focusDashboard(): Promise<void> {
  await runCommand(world.page, "Focus on Pool Dashboard View");
  await world.panel.getByRole("toolbar").waitFor();
}

function button(name: string | RegExp): Locator {
  return world.panel.getByRole("button", { name, exact: true });
}

describe.runIf(canRunEditor)("with the keyboard alone", { timeout: 90_000 }, () => {
  beforeAll(async () => {
    const settings = { "rockpool.leaks.thresholdSeconds": 1 };
    world = await startWorld({ files: { "shop.sql": SHOP }, settings });
    await openFile(world.page, "shop.sql");
    await world.statusBar(/shop 0\/4/).waitFor();
    await world.runAt(1);
    await world.statusBar(/shop 1\/4/).waitFor();
    await world.runAt(2);
  }, 300_000);

  afterAll(() => world?.stop());

  beforeEach(() => world.recordFailure());

  test("a slot is reached in the tree, and what can be done with it, its place included", async () => {
    await runCommand(world.page, "Rockpool: Focus on Pools View");
    await world.treeItem(/^#1 shop\.sql:2, suspected leak/).waitFor();
    await walkTo(/^Pool shop/);
    await chooseFromMenu("Ping Database");
    await world.statusBar(/shop answers in/).waitFor();
    await runCommand(world.page, "Rockpool: Focus on Pools View");
    await walkTo(/^#1 shop\.sql:2/);
    await chooseFromMenu("Go to Source");
    await world.statusBar(/Ln 2,/).waitFor();
  });

  test("the dashboard is opened from the tree", async () => {
    await runCommand(world.page, "Rockpool: Focus on Pools View");
    await walkTo(/^Pool shop/);
    await chooseFromMenu("Open Pool Dashboard");
    await world.panel.getByRole("article", { name: "Pool shop" }).waitFor();
  });

  test("its lanes are walked use by use, and lead to the statement", async () => {
    await focusDashboard();
    const timeline = world.panel.getByRole("group", { name: /^Slot timeline/ });
    await tabTo(timeline);
    await press("End");
    const said = world.panel.locator(".timeline [aria-live]");
    await expect
      .poll(() => said.textContent())
      .toMatch(/^shop#1, use \d+, .*in a transaction.*suspected leak$/);
    await press("Space");
    await button("Resume").waitFor();
    await press("+", "Escape");
    await button("Pause").waitFor();
    await tabTo(button("Release"));
    await tabTo(button("shop.sql:2"));
    await world.picture("keyboard-lanes");
    await press("Enter");
    await world.page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
  });

  test("so is the table, whose rows lead to their uses", async () => {
    await focusDashboard();
    await tabTo(button("Table"));
    await press("Enter");
    await world.panel.getByRole("table", { name: "Connections" }).waitFor();
    await tabTo(button("shop#1"));
    await press("Enter");
    await world.panel.getByRole("table", { name: "Uses of shop#1" }).waitFor();
    await world.picture("keyboard-table");
    await tabTo(button("Table"), "Shift+Tab");
    await press("Enter");
  });

  test("events are filtered, and lead to their moment", async () => {
    await focusDashboard();
    await tabTo(button(/^connect \d+$/));
    await press("Space");
    await world.panel.locator(".events-list li.connect").first().waitFor({ state: "detached" });
    await press("Space");
    await tabTo(world.panel.locator('.events-list button[tabindex="0"]'));
    await press("ArrowDown");
    await press("Home");
    await press("Enter");
    await button("Resume").waitFor();
  });

  test("the past is scrubbed through", async () => {
    await focusDashboard();
    const slider = world.panel.getByRole("slider");
    await tabTo(slider);
    await press("Home");
    await expect.poll(async () => Number(await slider.getAttribute("aria-valuenow"))).toBeLessThan(20);
    await press("End");
    await button("Pause").waitFor();
  });

  test("what is shown is exported", async () => {
    await focusDashboard();
    await tabTo(button("JSON"));
    await press("Enter");
    const input = world.page.locator('.quick-input-widget input[type="text"]').first();
    await expect.poll(() => input.inputValue()).toMatch(/shop-pool\.json$/);
    await press("Enter");
    const file = join(world.editor.folder, "shop-pool.json");
    await expect.poll(() => existsSync(file)).toBe(true);
    await world.notification(/Exported shop/);
    const { format, pools } = JSON.parse(readFileSync(file, "utf8"));
    expect(format).toBe("rockpool.pool-timeline");
    expect(pools).toHaveLength(1);
    const lanes: { connectionId: string }[] = pools[0].lanes;
    expect(lanes.map(({ connectionId }) => connectionId)).toContain("shop#1");
  });

  test("what an editor holds is rolled back and given back from the tree", async () => {
    await world.closeNotifications();
    await runCommand(world.page, "Rockpool: Focus on Pools View");
    await walkTo(/^#1 shop\.sql:2/);
    await chooseFromMenu("Roll Back and Release");
    await world.treeItem(/^#1, idle/).waitFor();
  });
});
