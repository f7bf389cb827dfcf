import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createConnectionFactory, type QueryResult } from "@rockpool/core";
import {
  type EditorServer,
  findChromium,
  goToLine,
  launchBrowser,
  newContext,
  openWorkbench,
  runCommand,
  startEditor,
  webviewFrame,
} from "@rockpool/editor";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import type { Browser, Locator, Page } from "playwright-core";
import { onTestFailed, vi } from "vitest";
import { installPseudoLanguage, speakPseudoLanguage } from "./pseudo-language.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SAMPLE = join(ROOT, "..", "playground", "sample", "shop.sql");
const PICTURES = join(ROOT, ".test-results", "screenshots");

/** The extension as it is shipped: what `package` made, or another one to be tested. */
export const VSIX: string = process.env.ROCKPOOL_VSIX ?? join(ROOT, "dist", "rockpool.vsix");

/** Where there is no browser these tests cannot run; in CI they then fail rather than being skipped. */
export const canRunEditor: boolean = findChromium() !== null || process.env.CI !== undefined;

export interface WorldOptions {
  /** The files of the workspace by name. */
  readonly files: WorldFiles | ((postgres: PostgresServer) => WorldFiles);
  /** The folders of the workspace, below the one that holds its file. Default: that folder alone. */
  readonly folders?: readonly string[];
  /** Whether the extension connects by itself. Default: true. */
  readonly isConnected?: boolean;
  /** Whether the workspace is trusted. Default: true. */
  readonly isTrusted?: boolean;
  /** Whether the extension speaks a language in which each translated text stands in brackets. Default: false. */
  readonly isTranslated?: boolean;
  /** Environment variables of the extension host; a path in the workspace may begin with `$WORKSPACE`. */
  readonly env?: Readonly<Record<string, string>>;
  /** The user's settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Where the pointer rests the workbench would lay a hint over what a test presses next. */
const WITHOUT_HINTS: Settings = { "workbench.hover.delay": 600_000 };

const WORKSPACE_FILE = "test.code-workspace";

type Settings = Readonly<Record<string, unknown>>;

type WorldFiles = Readonly<Record<string, string>>;

/** A real database with the sample, a real workbench with the packaged extension, and a page on it. */
export class World {
  readonly postgres: PostgresServer;
  readonly editor: EditorServer;
  readonly page: Page;
  readonly #browser: Browser;

  constructor(parts: { postgres: PostgresServer; editor: EditorServer; browser: Browser; page: Page }) {
    this.postgres = parts.postgres;
    this.editor = parts.editor;
    this.page = parts.page;
    this.#browser = parts.browser;
  }

  /** What the panel shows: the grid, or the dashboard. */
  get panel(): Locator {
    return webviewFrame(this.page).locator("main");
  }

  /** An item of a tree in the side bar by a part of its text. */
  treeItem(text: string | RegExp): Locator {
    return this.page.getByRole("treeitem", { name: text });
  }

  /** The terminal that hears the keyboard. */
  get focusedTerminal(): Locator {
    return this.page.locator(".xterm.focus");
  }

  statusBar(text: string | RegExp): Locator {
    return this.page.locator(".statusbar-item", { hasText: text });
  }

  /** What the extension says: a workbench that a test drives shows no toasts, but keeps them behind its bell. */
  async notification(text: string | RegExp): Promise<Locator> {
    const center = this.page.locator(".notifications-center.visible");
    const found = center.locator(".notification-list-item", { hasText: text }).first();
    // The list closes by itself when its last entry goes, such as a progress that has ended.
    await vi.waitFor(async () => {
      if (!(await center.isVisible())) await this.page.locator('[id="status.notifications"]').click();
      await found.waitFor({ timeout: 2_000 });
    }, 30_000);
    return found;
  }

  /** Presses a button of a notification, and leaves the others alone. */
  async answer(text: string | RegExp, button: string): Promise<void> {
    const notification = await this.notification(text);
    await notification.getByRole("button", { name: button, exact: true }).click();
    await this.closeNotifications();
  }

  async closeNotifications(): Promise<void> {
    const center = this.page.locator(".notifications-center.visible");
    if (await center.isVisible()) await center.getByRole("button", { name: /^Hide/ }).click();
    await center.waitFor({ state: "hidden" });
  }

  /** The text of the editor that is in front. */
  async editorText(): Promise<string> {
    const lines = await this.page.locator(".editor-group-container.active .view-line").allTextContents();
    return lines.join("\n").replaceAll("\u00a0", " ");
  }

  /** Keeps a picture of the page among the test results. */
  async picture(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }

  /** Runs the statement in a line, as a person does. */
  async runAt(line: number): Promise<void> {
    await goToLine(this.page, line);
    await this.page.locator(".editor-group-container.active .monaco-editor.focused").waitFor();
    await this.page.keyboard.press("Control+Enter");
  }

  /**
   * Chooses from the menu of what is clicked at, as a person does.
   *
   * A menu takes no press in its first 100 ms: one that came too early is repeated while the menu is there.
   */
  async chooseFor(target: Locator, entry: string): Promise<void> {
    const item = this.page.getByRole("menuitem", { name: entry });
    await target.click({ button: "right" });
    await item.waitFor();
    await eventually(async () => {
      if (await item.isVisible()) await item.click({ timeout: 2_000 });
      await item.waitFor({ state: "detached", timeout: 1_000 });
    });
  }

  /** Types a line into a new terminal, as a person does. */
  async runInTerminal(line: string): Promise<void> {
    await runCommand(this.page, "Terminal: Create New Terminal");
    await this.focusedTerminal.waitFor();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press("Enter");
  }

  /** Changes the colours of the workbench, as a person does, and waits until they have changed. */
  async setTheme(label: string): Promise<void> {
    await runCommand(this.page, "Preferences: Color Theme");
    const list = this.page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first();
    await this.page.locator('.quick-input-widget input[type="text"]').first().fill(label);
    await list.click();
    await list.waitFor({ state: "hidden" });
    await this.page.locator(`.monaco-workbench.${workbenchClass(label)}`).waitFor();
  }

  /** The user's settings as they are written. */
  userSettings(): string {
    return readFileSync(join(this.editor.home, "user", "User", "settings.json"), "utf8");
  }

  /** The file of a workspace of several folders as it is written. */
  workspaceFile(): string {
    return readFileSync(join(this.editor.folder, WORKSPACE_FILE), "utf8");
  }

  /** Changes the settings in that file as somebody does who edits it. */
  changeWorkspace(change: (settings: Settings) => Settings): void {
    const workspace: { settings?: Settings } = JSON.parse(this.workspaceFile());
    const settings = { ...workspace.settings, ...change(workspace.settings ?? {}) };
    writeFileSync(
      join(this.editor.folder, WORKSPACE_FILE),
      JSON.stringify({ ...workspace, settings }, null, 2),
    );
  }

  /** Whether a decoration of the editor lies under exactly one word of it. */
  marked(decoration: string, word: string): Promise<boolean> {
    return this.page.evaluate(isMarked, { decoration, word });
  }

  /** Asks the database past the extension. */
  async ask(text: string): Promise<QueryResult> {
    await using connection = await createConnectionFactory(this.postgres.url).connect();
    return await connection.query(text);
  }

  /** Keeps what helps to understand a failure of the current test. */
  recordFailure(): void {
    onTestFailed(async ({ task }) => {
      const name = `failed-${task.name.replace(/\W+/g, "-").slice(0, 80)}`;
      await this.picture(name);
      writeFileSync(join(PICTURES, `${name}.log`), this.editor.log());
    });
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.editor.stop();
    await this.postgres.stop();
    rmSync(this.editor.folder, { recursive: true, force: true });
  }
}

/** How the workbench marks the kind of a colour theme. */
function workbenchClass(label: string): string {
  const isLight = label.includes("Light");
  if (label.includes("High Contrast")) return isLight ? "hc-light" : "hc-black";
  return isLight ? "vs" : "vs-dark";
}

/** Runs in the page: compares where the decoration and the word are drawn. */
function isMarked({ decoration, word }: { decoration: string; word: string }): boolean {
  const spans = [...document.querySelectorAll(".view-line span span")];
  const text = spans.flatMap((span) => [...span.childNodes]).find((node) => node.textContent?.includes(word));
  const mark = document.querySelector(`.${decoration}`)?.getBoundingClientRect();
  if (text === undefined || mark === undefined) return false;
  const start = text.textContent?.indexOf(word) ?? 0;
  const range = document.createRange();
  range.setStart(text, start);
  range.setEnd(text, start + word.length);
  const place = range.getBoundingClientRect();
  const isLevel = mark.top < place.bottom && mark.bottom > place.top;
  return isLevel && Math.abs(mark.left - place.left) < 2 && Math.abs(mark.right - place.right) < 2;
}

/** Waits until what is expected holds. A second, which is what vitest takes, is too short for a busy workbench. */
export function eventually(expectation: () => unknown): Promise<unknown> {
  return vi.waitFor(expectation, 20_000);
}

export async function startWorld(options: WorldOptions): Promise<World> {
  const { isConnected = true, isTrusted = true, isTranslated = false } = options;
  if (!existsSync(VSIX))
    throw new Error(`${VSIX} is missing: run the scripts build and package of this package first`);
  const [postgres, browser] = await Promise.all([startSample(), launchBrowser()]);
  const folder = mkdtempSync(join(tmpdir(), "rockpool-ui-"));
  const files = typeof options.files === "function" ? options.files(postgres) : options.files;
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const settings = { ...WITHOUT_HINTS, ...(isConnected ? connectedSettings() : {}), ...options.settings };
  const env = {
    ...(isConnected ? { SHOP_URL: postgres.url } : {}),
    ...Object.fromEntries(
      Object.entries(options.env ?? {}).map(([name, value]) => [name, value.replace("$WORKSPACE", folder)]),
    ),
  };
  const opened = options.folders === undefined ? folder : workspaceFile(folder, options.folders);
  const editor = await startEditor({ vsix: [VSIX], folder: opened, env, settings, isTrusted });
  if (isTranslated) installPseudoLanguage(editor);
  const context = await newContext(browser, editor);
  if (isTranslated) await speakPseudoLanguage(context);
  const page = await context.newPage();
  await openWorkbench(page, editor);
  return new World({ postgres, editor, browser, page });
}

/** Makes a workspace of several folders. */
function workspaceFile(folder: string, folders: readonly string[]): string {
  const file = join(folder, WORKSPACE_FILE);
  writeFileSync(file, JSON.stringify({ folders: folders.map((path) => ({ path })) }));
  return file;
}

function connectedSettings(): Record<string, unknown> {
  const connection = ["$", "{env:SHOP_URL}"].join("");
  return { "rockpool.connections": [{ name: "shop", connection }], "rockpool.autoConnect": "shop" };
}

async function startSample(): Promise<PostgresServer> {
  const postgres = await startPostgres();
  await using connection = await createConnectionFactory(postgres.url).connect();
  await connection.script(readFileSync(SAMPLE, "utf8"));
  return postgres;
}
