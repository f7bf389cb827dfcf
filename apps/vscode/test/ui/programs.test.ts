import { join } from "node:path";
import { runCommand } from "@rockpool/editor";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { canRunEditor, startWorld, type World } from "./world.ts";

const PLAYGROUND = join(import.meta.dirname, "..", "..", "..", "playground", "dist", "main.js");

/** By the names that the workbench shows. */
const THEMES = [
  ["dark", "Dark Modern"],
  ["light", "Light Modern"],
  ["high-contrast", "Dark High Contrast"],
  ["high-contrast-light", "Light High Contrast"],
] as const;

const LEAK = /leak-connection\.ts:\d+.*suspected leak/;

let world: World;

/** The playground goes through calm, a burst, a report and a leak in about fifteen seconds. */
const CYCLE = { timeout: 60_000 };

describe.runIf(canRunEditor)("a program in the terminal", { timeout: 180_000 }, () => {
  beforeAll(async () => {
    world = await startWorld({ files: { "shop.sql": "select 1;\n" } });
    await runCommand(world.page, "View: Show Rockpool");
    await world.treeItem(/Pool shop/).waitFor();
  }, 300_000);

  afterAll(() => world?.stop());

  beforeEach(() => world.recordFailure());

  test("is told where to report once its user asks for that, and not before", async () => {
    expect(await world.treeItem(/Your programs/).count()).toBe(0);
    await runCommand(world.page, "Rockpool: Watch Your Program's Pools");
    await world.treeItem(/^Your programs, none reports yet · 127\.0\.0\.1:\d+/).waitFor();
    await runCommand(world.page, "Notifications: Clear All Notifications");
  });

  test("shows its pool beside the extension's own, with a slot for each connection", async () => {
    const flags = `--database-url ${world.postgres.url} --port 0 --max 4 --rate 120`;
    await world.runInTerminal(`node --enable-source-maps ${PLAYGROUND} ${flags}`);
    await world
      .treeItem(/^Pool playground: \d of 4 connections used.*rockpool-playground \(\d+\)/)
      .waitFor(CYCLE);
    await world.treeItem(/^Pool shop: 0 of 4/).waitFor();
    await world.treeItem(/^Your programs, 1 reporting/).waitFor();
    await world.treeItem(/^#4, .*pid \d+/).waitFor(CYCLE);
    await world.treeItem(/^Pool playground/).hover();
    await world
      .treeItem(/^Pool playground/)
      .getByRole("button", { name: "Open Pool Dashboard" })
      .click();
    await world.panel.getByRole("article", { name: "Pool playground" }).waitFor();
  });

  test("shows who waits in a burst, in the tree and in the dashboard", async () => {
    await world.treeItem(/callers? waits?/).waitFor(CYCLE);
    await world.picture("program-burst");
    const waiting = world.panel.locator(".numbers .waiting dd");
    await expect.poll(async () => Number(await waiting.textContent()), CYCLE).toBeGreaterThan(0);
  });

  test("turns the slot amber that it leaks, and names the line of source", async () => {
    for (const [name, theme] of THEMES) {
      await world.setTheme(theme);
      await world.panel.locator(`xpath=ancestor::body[contains(@class, "vscode-${name}")]`).waitFor();
      await world.treeItem(LEAK).waitFor(CYCLE);
      await world.picture(`program-leak-${name}`);
    }
    await world.treeItem(/^Pool playground.*suspected leak/).waitFor(CYCLE);
  });

  test("leads to that line", async () => {
    const tab = world.page.getByRole("tab", { name: /leak-connection\.ts/ });
    await vi.waitFor(
      async () => {
        await world.treeItem(LEAK).hover({ timeout: 2_000 });
        await world.treeItem(LEAK).getByRole("button", { name: "Go to Source" }).click({ timeout: 2_000 });
        await tab.waitFor({ timeout: 2_000 });
      },
      { timeout: 60_000, interval: 200 },
    );
    await world.page.locator(".view-line", { hasText: "pool.acquire({ signal })" }).waitFor();
    await world.statusBar(/Ln 12,/).waitFor();
  });

  test("lets a server process of its be terminated by the connection that the editor has to the same server", async () => {
    const row = world.treeItem(/^#\d+ ?.*pid \d+/).first();
    const label = (await row.getAttribute("aria-label")) ?? "";
    const pid = Number(/pid (\d+)/.exec(label)?.[1]);
    const dialog = world.page.locator(".monaco-dialog-box");
    await world.chooseFor(row, "Terminate Backend…");
    await dialog.getByText(`Terminate the server process ${pid}?`).waitFor();
    await dialog.getByText(/User: postgres[\s\S]*Application: [\s\S]*State: /).waitFor();
    await world.picture("program-terminate");
    await dialog.getByRole("button", { name: "Terminate Process" }).click();
    const alive = async () =>
      (await world.ask(`select from pg_stat_activity where pid = ${pid}`)).rows.length;
    await expect.poll(alive, { timeout: 10_000 }).toBe(0);
  });

  test("fades when it ends", async () => {
    await runCommand(world.page, "Terminal: Focus Terminal");
    await world.focusedTerminal.waitFor();
    await world.page.keyboard.press("Control+c");
    await world.treeItem(/^Pool playground/).waitFor({ state: "detached", timeout: 30_000 });
    await world.treeItem(/^Your programs, none reports yet/).waitFor();
  });

  test("is told nothing any more once its user stops watching", async () => {
    await runCommand(world.page, "Rockpool: Stop Watching Your Program's Pools");
    await world.treeItem(/Your programs/).waitFor({ state: "detached" });
    await world.runInTerminal(`echo "to=\${OTEL_EXPORTER_OTLP_ENDPOINT:-nowhere}"`);
    await world.page
      .locator(".xterm-rows", { hasText: /to=nowhere/ })
      .first()
      .waitFor();
  });
});
