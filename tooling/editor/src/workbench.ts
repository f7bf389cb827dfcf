import type { FrameLocator, Locator, Page } from "playwright-core";
import type { EditorServer, WorkbenchUrlOptions } from "./editor-server.ts";

const OPEN_TIMEOUT_MILLIS = 60_000;
const COMMAND_TIMEOUT_MILLIS = 20_000;

interface WorkbenchDriver {
  whenWorkbenchRestored(): Promise<void>;
}

declare global {
  // The door that a server started for tests opens in the page.
  var driver: WorkbenchDriver | undefined;
}

/** Opens the workbench in the page and resolves when it has restored itself. */
export async function openWorkbench(
  page: Page,
  server: EditorServer,
  options: WorkbenchUrlOptions = {},
): Promise<void> {
  await page.goto(server.url(options));
  await page.locator(".monaco-workbench").waitFor({ timeout: OPEN_TIMEOUT_MILLIS });
  await page.waitForFunction(() => globalThis.driver !== undefined, undefined, {
    timeout: OPEN_TIMEOUT_MILLIS,
  });
  await page.evaluate(() => globalThis.driver?.whenWorkbenchRestored());
}

/** Runs a command from the command palette by its title, as a person does. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor({ timeout: COMMAND_TIMEOUT_MILLIS });
  await input.fill(`>${title}`);
  const row = page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first();
  await row.click({ timeout: COMMAND_TIMEOUT_MILLIS });
}

/** Opens a file of the workspace by its name. */
export async function openFile(page: Page, name: string): Promise<Locator> {
  await page.keyboard.press("Control+p");
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor({ timeout: COMMAND_TIMEOUT_MILLIS });
  await input.fill(name);
  await page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().click();
  const editor = page
    .locator(`.editor-instance[data-uri], .editor-instance`)
    .locator(".monaco-editor")
    .first();
  await page.getByRole("tab", { name, selected: true }).waitFor();
  await editor.waitFor();
  return editor;
}

/** Puts the cursor into a line of the file that is open. */
export async function goToLine(page: Page, line: number, column = 1): Promise<void> {
  await page.keyboard.press("Control+g");
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor({ timeout: COMMAND_TIMEOUT_MILLIS });
  await input.fill(`:${line}:${column}`);
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}

/** What a webview shows: VS Code nests two frames. */
export function webviewFrame(page: Page, index = 0): FrameLocator {
  return page.frameLocator("iframe.webview.ready").nth(index).frameLocator("iframe#active-frame");
}
