import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { findChromium } from "@rockpool/editor";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { DARK, type Theme } from "./themes.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = join(ROOT, ".test-results", "screenshots");

/** A view of the extension in a real browser, with a host that the test plays. */
export class ViewPage {
  readonly page: Page;
  readonly errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
  }

  /** Says something as the host would. */
  async post(message: unknown): Promise<void> {
    await this.page.evaluate(
      (data) => Reflect.get(globalThis, "dispatchEvent")(new MessageEvent("message", { data })),
      message,
    );
  }

  /** What the view has asked of the host, oldest first. */
  async sent(): Promise<{ type: string }[]> {
    return this.page.evaluate(() => Reflect.get(globalThis, "sent"));
  }

  /** What axe finds wrong with the page as it is now, each with the elements that it is about. */
  async accessibilityFaults(): Promise<readonly string[]> {
    await this.page.evaluate(AXE);
    return this.page.evaluate(findFaults);
  }

  /** All texts of the page, of its labels and of its hints, without those in elements that a selector chooses. */
  async texts(without: string): Promise<readonly string[]> {
    return this.page.evaluate(readTexts, without);
  }

  async picture(name: string): Promise<void> {
    mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `${name}.png`) });
  }
}

/** Runs in the page. */
async function findFaults(): Promise<string[]> {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
  );
}

/** Runs in the page. */
function readTexts(without: string): string[] {
  const found: string[] = [];
  for (const element of document.querySelectorAll("body *:not(script, style)")) {
    if (element.closest(without) !== null) continue;
    for (const node of element.childNodes) if (node.nodeType === 3) found.push(node.textContent ?? "");
    for (const name of ["aria-label", "title", "placeholder"]) found.push(element.getAttribute(name) ?? "");
  }
  return found;
}

async function bundle(name: string): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    absWorkingDir: ROOT,
    entryPoints: { [name]: `webviews/${name}/main.ts` },
    bundle: true,
    format: "esm",
    conditions: ["rockpool-source"],
    outdir: "memory",
    write: false,
    logLevel: "silent",
  });
  const text = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension))?.text ?? "";
  return { script: text(".js"), style: text(".css") };
}

/** The host's side: what the view sends is kept, and rows are answered from a function of the row number. */
const HOST = `
  globalThis.sent = [];
  globalThis.state = globalThis.state ?? undefined;
  globalThis.acquireVsCodeApi = () => ({
    postMessage(message) {
      sent.push(message);
      if (message.type !== "rows" || !globalThis.rowAt) return;
      const { count, ...part } = message;
      const rows = Array.from({ length: Math.max(0, Math.min(count, rowCount - part.start)) }, (_, index) =>
        rowAt(part.start + index, part).slice(part.firstColumn, part.firstColumn + part.columnCount),
      );
      queueMicrotask(() => dispatchEvent(new MessageEvent("message", { data: { ...part, rows } })));
    },
    getState: () => state,
    setState(next) { state = structuredClone(next); },
  });
`;

export interface ViewOptions {
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
  /** A script that runs before the view's. */
  readonly setup?: string;
  /** What texts are called in the editor's language. */
  readonly texts?: Readonly<Record<string, string>>;
}

/** Opens a view under the policy that the editor gives it. */
export async function openView(browser: Browser, name: string, options: ViewOptions = {}): Promise<ViewPage> {
  const { theme = DARK, width = 1000, height = 420, setup = "", texts = {} } = options;
  const { script, style } = await bundle(name);
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const view = new ViewPage(page);
  const variables = Object.entries(theme.colors).map(([key, value]) => `--vscode-${key}: ${value};`);
  const policy = "default-src 'none'; style-src 'self'; script-src 'nonce-test'";
  await page.route("http://view.test/**", async (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/view.css") await route.fulfill({ contentType: "text/css", body: style });
    else if (pathname === "/theme.css") {
      await route.fulfill({ contentType: "text/css", body: `:root { ${variables.join(" ")} }` });
    } else if (pathname === "/view.js") {
      await route.fulfill({ contentType: "text/javascript", body: script });
    } else
      await route.fulfill({
        contentType: "text/html",
        body: html({ policy, theme, texts, host: HOST + setup }),
      });
  });
  await page.goto("http://view.test/");
  return view;
}

function html(page: {
  policy: string;
  theme: Theme;
  texts: Readonly<Record<string, string>>;
  host: string;
}): string {
  const { policy, theme, texts, host } = page;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>View</title>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="/theme.css"><link rel="stylesheet" href="/view.css"></head>
<body class="${theme.bodyClass}"><main id="root"></main>
<script id="texts" type="application/json">${JSON.stringify(texts)}</script>
<script nonce="test">${host}</script><script nonce="test" type="module" src="/view.js"></script></body></html>`;
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error("no Chromium found; install chromium-headless-shell");
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}
