import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  type EditorServer,
  findChromium,
  launchBrowser,
  newContext,
  openFile,
  openWorkbench,
  startEditor,
} from "../src/index.ts";

const canRun = findChromium() !== null || process.env.CI !== undefined;
let folder = "";
let server: EditorServer;
let browser: Browser;

beforeAll(async () => {
  if (!canRun) return;
  folder = mkdtempSync(join(tmpdir(), "rockpool-editor-"));
  writeFileSync(join(folder, "shop.sql"), "select 1;\n");
  server = await startEditor({
    folder,

    onProgress: (line) => console.log(line),
  });
  browser = await launchBrowser();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

test.runIf(canRun)(
  "what is typed in the browser reaches the file",
  async () => {
    const context = await newContext(browser, server);
    const page = await context.newPage();
    await openWorkbench(page, server);
    const editor = await openFile(page, "shop.sql");
    await editor.locator(".view-line").first().click();
    await page.keyboard.press("End");
    await page.keyboard.type(" -- typed");
    await page.keyboard.press("Control+s");
    await vi.waitFor(() => {
      expect(readFileSync(join(folder, "shop.sql"), "utf8")).toBe("select 1; -- typed\n");
    }, 10_000);
    await context.close();
  },
  120_000,
);

test.runIf(canRun)("an address can name the file to open", { timeout: 120_000 }, async () => {
  const context = await newContext(browser, server);
  const page = await context.newPage();
  await openWorkbench(page, server, { file: join(folder, "shop.sql") });
  await page.getByRole("tab", { name: "shop.sql", selected: true }).waitFor();
  await context.close();
});

test.runIf(canRun)(
  "a start can be given commands, such as which view to show",
  { timeout: 120_000 },
  async () => {
    await using commanded = await startEditor({ folder, commands: ["workbench.view.search"] });
    const context = await newContext(browser, commanded);
    const page = await context.newPage();
    await openWorkbench(page, commanded);
    await page.locator(".search-view").waitFor();
    await context.close();
  },
);
