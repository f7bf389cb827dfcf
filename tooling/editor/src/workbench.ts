import type { FrameLocator, Locator, Page } from "playwright-core";
import type { EditorServer, WorkbenchUrlOptions } from "./editor-server.ts";

const OPEN_TIMEOUT_MILLIS = 60_000;
const PICK_TIMEOUT_MILLIS = 10_000;
const PICK_ATTEMPTS = 4;

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
  await pick(page, { key: "F1", text: `>${title}`, row: title });
}

/** Opens a file of the workspace by its name. */
export async function openFile(page: Page, name: string): Promise<Locator> {
  await pick(page, { key: "Control+p", text: name, row: name });
  const editor = page.locator(".editor-group-container.active .monaco-editor").first();
  await page.getByRole("tab", { name, selected: true }).waitFor();
  await editor.waitFor();
  return editor;
}

interface Pick {
  /** What opens the list. */
  readonly key: string;
  readonly text: string;
  /** What the row to choose says. */
  readonly row: string;
}

/** A busy workbench may fill a list late, or close one that was opened while it was still starting: then it is opened anew. */
async function pick(page: Page, { key, text, row }: Pick): Promise<void> {
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  const choice = page.locator(".quick-input-list .monaco-list-row", { hasText: row }).first();
  for (let attempt = 1; ; attempt += 1) {
    try {
      await page.keyboard.press(key);
      await input.fill(text, { timeout: PICK_TIMEOUT_MILLIS });
      await choice.click({ timeout: PICK_TIMEOUT_MILLIS });
      return;
    } catch (error) {
      if (attempt === PICK_ATTEMPTS) throw error;
      await page.keyboard.press("Escape");
    }
  }
}

/** Puts the cursor into a line of the file that is open; a box that closes since the editor just took the focus is opened anew. */
export async function goToLine(page: Page, line: number, column = 1): Promise<void> {
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  for (let attempt = 1; ; attempt += 1) {
    try {
      await page.keyboard.press("Control+g");
      await input.fill(`:${line}:${column}`, { timeout: PICK_TIMEOUT_MILLIS });
      break;
    } catch (error) {
      if (attempt === PICK_ATTEMPTS) throw error;
      await page.keyboard.press("Escape");
    }
  }
  await page.keyboard.press("Enter");
  await input.waitFor({ state: "hidden" });
}

/** What the webview that is in view shows: VS Code nests two frames. */
export function webviewFrame(page: Page): FrameLocator {
  return page.frameLocator("iframe.webview.ready:visible").first().frameLocator("iframe#active-frame");
}
