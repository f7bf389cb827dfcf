import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import {
  type EditorServer,
  launchBrowser,
  newContext,
  openFile,
  openWorkbench,
  startEditor,
} from "../src/index.ts";

let folder = "";
let server: EditorServer;
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "rockpool-editor-"));
  writeFileSync(join(folder, "shop.sql"), "select 1;\n");
  server = await startEditor({ folder, onProgress: (line) => console.log(line) });
  browser = await launchBrowser();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("what is typed in the browser reaches the file", async () => {
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
}, 120_000);
