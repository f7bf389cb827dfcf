// Makes the pictures of the editor for the README: docs/images/editor-light.png and pools-light.png, and the same in dark.
import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createConnectionFactory } from "@rockpool/core";
import {
  claimPort,
  type EditorServer,
  goToLine,
  launchBrowser,
  newContext,
  openFile,
  openWorkbench,
  runCommand,
  startEditor,
  webviewFrame,
} from "@rockpool/editor";
import { startPostgres } from "@rockpool/postgres";
import type { Browser, Page } from "playwright-core";
import { reportToEditor } from "../launch/start-telemetry.ts";
import { workbenchSettings } from "../launch/start-workbench.ts";
import { loadSample, SAMPLE_FOLDER } from "../sample/load-sample.ts";

export interface PictureOptions {
  /** The packaged extension. */
  readonly vsix: string;
  /** Where the pictures go. */
  readonly folder: string;
  readonly onProgress: (line: string) => void;
  readonly signal: AbortSignal;
}

const PROGRAM = fileURLToPath(new URL("../main.js", import.meta.url));

const THEMES = [
  { name: "light", theme: "Default Light Modern" },
  { name: "dark", theme: "Default Dark Modern" },
] as const;

/** What the window is drawn in, so that its text can be read in a page that shows it smaller. */
const WINDOW = { viewport: { width: 1_280, height: 800 }, deviceScaleFactor: 1.5 };

/** Takes one picture of the same scene in each theme. */
export async function takePictures(options: PictureOptions): Promise<void> {
  const { folder, onProgress, signal } = options;
  await mkdir(folder, { recursive: true });
  const home = await mkdtemp(join(tmpdir(), "rockpool-picture-"));
  const workspace = join(home, "shop");
  try {
    await cp(join(SAMPLE_FOLDER, "picture"), workspace, { recursive: true });
    for (const { name, theme } of THEMES) {
      signal.throwIfAborted();
      for (const [scene, take] of Object.entries(SCENES)) {
        const file = join(folder, `${scene}-${name}.png`);
        await take({ ...options, workspace, theme, file });
        onProgress(`made ${file}`);
      }
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const SCENES = { editor: takePicture, pools: takePoolPicture };

interface Scene extends PictureOptions {
  readonly workspace: string;
  readonly theme: string;
  readonly file: string;
}

async function takePicture({ vsix, workspace, theme, file, signal }: Scene): Promise<void> {
  await using postgres = await startPostgres();
  await loadSample(createConnectionFactory(postgres.url), signal);
  await using editor = await startEditor({
    vsix: [vsix],
    folder: workspace,
    env: { DATABASE_URL: postgres.url },
    settings: {
      ...workbenchSettings(null),
      "workbench.colorTheme": theme,
      "editor.minimap.enabled": false,
      "editor.occurrencesHighlight": "off",
    },
    signal,
  });
  const browser = await launchBrowser();
  try {
    const page = await openPage(browser, editor);
    await arrange(page);
    await page.screenshot({ path: file });
  } finally {
    await browser.close();
  }
}

/** The playground's pool on the dashboard, in the moment in which its leak is seen. */
async function takePoolPicture({ vsix, workspace, theme, file, signal }: Scene): Promise<void> {
  await using postgres = await startPostgres();
  const receiverPort = await claimPort(0);
  const child = startProgram(postgres.url, receiverPort);
  await using editor = await startEditor({
    vsix: [vsix],
    folder: workspace,
    env: { DATABASE_URL: postgres.url },
    settings: { ...workbenchSettings(receiverPort), "workbench.colorTheme": theme },
    signal,
  });
  const browser = await launchBrowser();
  try {
    const page = await openPage(browser, editor);
    await arrangePools(page);
    await page.screenshot({ path: file });
  } finally {
    await browser.close();
    child.kill("SIGTERM");
  }
}

function startProgram(databaseUrl: string, receiverPort: number): ChildProcess {
  const flags = ["--database-url", databaseUrl, "--port", "0", "--max", "8", "--rate", "60"];
  const env = { ...process.env, ...reportToEditor({}, receiverPort) };
  return spawn(process.execPath, ["--enable-source-maps", PROGRAM, ...flags], { env, stdio: "ignore" });
}

/** The dashboard fills the panel; two rounds of the load lie behind it when the second leak shows. */
async function arrangePools(page: Page): Promise<void> {
  await runCommand(page, "View: Show Rockpool");
  const pool = page.getByRole("treeitem", { name: /^Pool playground/ });
  const leak = page.getByRole("treeitem", { name: /leak-connection\.ts:\d+.*suspected leak/ });
  await pool.waitFor({ timeout: 60_000 });
  await pool.hover();
  await pool.getByRole("button", { name: "Open Pool Dashboard" }).click();
  await runCommand(page, "View: Toggle Maximized Panel");
  await widenSideBar(page);
  for (let round = 1; round <= 2; round += 1) {
    await leak.waitFor({ timeout: 60_000 });
    if (round === 1) await leak.waitFor({ state: "detached", timeout: 60_000 });
  }
}

async function openPage(browser: Browser, editor: EditorServer): Promise<Page> {
  const context = await newContext(browser, editor, WINDOW);
  const page = await context.newPage();
  await openWorkbench(page, editor);
  return page;
}

/** A transaction that is kept, a report that runs, and a result: three editors on three slots. */
async function arrange(page: Page): Promise<void> {
  await runCommand(page, "View: Show Rockpool");
  await openFile(page, "stock.sql");
  await page.getByRole("treeitem", { name: /^Pool shop/ }).waitFor();
  await runAt(page, 1);
  await page.getByRole("treeitem", { name: /stock\.sql:1.*transaction/ }).waitFor();
  await runAt(page, 3);
  await page.getByRole("treeitem", { name: /stock\.sql:3.*transaction/ }).waitFor();
  await openFile(page, "report.sql");
  await runAt(page, 1);
  await page.getByRole("treeitem", { name: /report\.sql:1.*running/ }).waitFor();
  await openFile(page, "shop.sql");
  await runAt(page, 2);
  await webviewFrame(page).getByText("Lighting").first().waitFor();
  await page.getByRole("treeitem", { name: /idle/ }).first().waitFor();
  await widenSideBar(page);
}

async function runAt(page: Page, line: number): Promise<void> {
  await goToLine(page, line);
  await page.keyboard.press("Control+Enter");
}

async function widenSideBar(page: Page): Promise<void> {
  const box = await page.locator(".part.sidebar").boundingBox();
  if (box === null) throw new Error("the side bar does not show");
  const edge = box.x + box.width + 2;
  await page.mouse.move(edge, 300);
  await page.mouse.down();
  await page.mouse.move(edge + 90, 300, { steps: 5 });
  await page.mouse.up();
  await page.mouse.move(700, 420);
}
