import { existsSync } from "node:fs";
import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";
import { EditorError } from "./editor-error.ts";
import type { EditorServer } from "./editor-server.ts";

const PATHS = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const ARGUMENTS = [
  // Chromium's sandbox does not work as root; the pages it shows here are this machine's own.
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-dev-shm-usage",
  "--disable-gpu",
  "--disable-quic",
  "--disable-sync",
  "--no-first-run",
];

/** The installed Chromium, or what `CHROMIUM_PATH` says; null where there is none. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | null {
  const { CHROMIUM_PATH } = environment;
  return [...(CHROMIUM_PATH ? [CHROMIUM_PATH] : []), ...PATHS].find((path) => existsSync(path)) ?? null;
}

/**
 * Starts the installed Chromium, headless. Its end by a signal is left to the caller.
 *
 * @throws {EditorError} where none is installed.
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) {
    const message = "No Chromium found. Install the package chromium-headless-shell, or set CHROMIUM_PATH.";
    throw new EditorError("EDITOR_BROWSER", message);
  }
  const { chromium } = await import("playwright-core");
  // Playwright's own handler of SIGTERM would keep the process alive.
  const handlers = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false };
  return await chromium.launch({ executablePath, headless: true, args: ARGUMENTS, ...handlers });
}

/** A fresh browser profile that may use the clipboard and reaches nothing but this machine. */
export async function newContext(
  browser: Browser,
  server: EditorServer,
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    // The server would compress 19 MB of JavaScript for each page.
    extraHTTPHeaders: { "Accept-Encoding": "identity" },
    ...options,
  });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.origin });
  await context.route(isElsewhere, (route) => route.abort("addressunreachable"));
  return context;
}

function isElsewhere(url: URL): boolean {
  return /^https?:$/.test(url.protocol) && !["127.0.0.1", "localhost"].includes(url.hostname);
}
