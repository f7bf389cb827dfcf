import { openFile, runCommand } from "@rockpool/editor";
import type { Locator } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { canRunEditor, startWorld, type World } from "./world.ts";

let world: World;

function rows(): Locator {
  return world.page.locator(".quick-input-list .monaco-list-row");
}

/** The rows of a list that show a text which is in no language. */
async function untranslated(): Promise<string[]> {
  const labels = await rows().locator(".label-name").allTextContents();
  return labels.filter((label) => label.trim() !== "" && !label.includes("⟦"));
}

describe.runIf(canRunEditor)("in another language", { timeout: 60_000 }, () => {
  beforeAll(async () => {
    world = await startWorld({ isConnected: false, isTranslated: true, files: { "a.sql": "select 1;\n" } });
    await openFile(world.page, "a.sql");
    await world.statusBar("⟦Connect⟧").waitFor();
  }, 300_000);

  afterAll(() => world?.stop());
  beforeEach(() => world.recordFailure());

  test("views and what they say while they are empty are translated", async () => {
    await runCommand(world.page, "View: Show Rockpool");
    await world.page.getByText("⟦No connection yet.⟧").waitFor();
    await world.page.getByRole("button", { name: "⟦Connections⟧ Section" }).waitFor();
    await world.picture("languages");
  });

  test("the dashboard brings its words along", async () => {
    await runCommand(world.page, "Rockpool: ⟦Open Pool Dashboard⟧");
    await world.panel.getByText("⟦No pool to show⟧").waitFor();
    await world.panel.getByRole("button", { name: "⟦Connect to a database⟧" }).waitFor();
  });

  test("so does the view of results", async () => {
    await runCommand(world.page, "Focus on ⟦Query Results⟧ View");
    await world.panel.getByText("⟦Results of SQL statements show here.⟧").waitFor();
  });

  test("each question of the wizard and each choice is translated", async () => {
    await world.statusBar("⟦Connect⟧").click();
    await world.page.getByPlaceholder("⟦How do you know the database?⟧").waitFor();
    expect(await untranslated()).toEqual([]);
    await rows().filter({ hasText: "⟦Step by step…⟧" }).click();
    for (const prompt of ["⟦Host", "⟦Port⟧", "⟦Database", "⟦User", "⟦Password"]) {
      await world.page.locator(".quick-input-widget", { hasText: prompt }).waitFor();
      await world.page.keyboard.press("Enter");
    }
    await world.page.getByPlaceholder("⟦How the connection is encrypted⟧").waitFor();
    const details = await rows().locator(".quick-input-list-label-meta").allTextContents();
    expect(details.filter((detail) => !detail.includes("⟦"))).toEqual([]);
    await world.page.keyboard.press("Enter");
    await world.page.locator(".quick-input-widget", { hasText: "⟦Name⟧" }).waitFor();
    await world.page.keyboard.press("Enter");
    for (const question of [
      "⟦What the database is for⟧",
      "⟦What may be done with it⟧",
      "⟦Where it is saved⟧",
    ]) {
      await world.page.getByPlaceholder(question).waitFor();
      expect(await untranslated()).toEqual([]);
      await world.page.keyboard.press("Enter");
    }
    await world.page.getByPlaceholder("⟦Test it, or choose what to change⟧").waitFor();
    expect(await untranslated()).toEqual([]);
    await world.picture("languages-wizard");
    await world.page.keyboard.press("Escape");
  });

  test("each command is translated", async () => {
    await world.page.keyboard.press("F1");
    await world.page.locator('.quick-input-widget input[type="text"]').first().fill(">Rockpool: ");
    await rows().filter({ hasText: "Rockpool: ⟦" }).first().waitFor();
    // Below its translation a command shows what it is called in English.
    const own = (await rows().allTextContents()).filter((text) => text.includes("Rockpool:"));
    expect(own.length).toBeGreaterThan(5);
    expect(own.filter((label) => !label.includes("⟦"))).toEqual([]);
    await world.page.keyboard.press("Escape");
  });
});
