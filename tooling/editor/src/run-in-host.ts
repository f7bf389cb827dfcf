import { existsSync, readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { launchBrowser, newContext } from "./browser.ts";
import type { EditorServer } from "./editor-server.ts";
import { type HostReportLine, type HostTestResult, REPORT_VARIABLE } from "./host/runner.ts";
import { type StartEditorOptions, startEditor } from "./start-editor.ts";

export interface RunInHostOptions extends StartEditorOptions {
  /** The folder of the unpacked extension to test. */
  readonly extension: string;
  /** A TypeScript module with tests, which exports `run = runHostTests`. */
  readonly tests: string;
  /** Environment variables for the extension host. */
  readonly hostEnv?: Readonly<Record<string, string>>;
  /** How long all tests together may take. Default: 120 000. */
  readonly timeoutMillis?: number;
}

interface HostExit {
  readonly code: number;
  readonly logs: readonly unknown[];
}

/**
 * Runs tests inside a real extension host and resolves with the result of each.
 *
 * @throws {Error} the host ended before every test had run, or no test was written.
 */
export async function runInHost(options: RunInHostOptions): Promise<readonly HostTestResult[]> {
  await using server = await startEditor(options);
  const report = join(server.home, "report.ndjson");
  const tests = await bundle(options.tests, join(server.home, "tests"));
  const exit = await runTests(server, {
    ...options,
    tests,
    hostEnv: { ...options.hostEnv, [REPORT_VARIABLE]: report },
  });
  const lines = readReport(report);
  const results = lines.flatMap((line) => (line.type === "test" ? [line.result] : []));
  const isWhole = lines.at(-1)?.type === "end";
  if (!isWhole || results.length === 0 || exit.code !== 0) {
    const logs = JSON.stringify(exit.logs).slice(-4_000);
    throw new Error(
      `the extension host ended with ${exit.code} after ${results.length} tests\n${logs}\n${server.log()}`,
    );
  }
  return results;
}

/** One CommonJS file, as an extension host loads it. */
async function bundle(entry: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, "tests.cjs");
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
    conditions: ["rockpool-source"],
    sourcemap: "inline",
    logLevel: "silent",
  });
  return outfile;
}

async function runTests(server: EditorServer, options: RunInHostOptions): Promise<HostExit> {
  const { extension, tests, hostEnv = {}, timeoutMillis = 120_000 } = options;
  const browser = await launchBrowser();
  try {
    const context = await newContext(browser, server);
    const page = await context.newPage();
    const exit = exitOf(page, timeoutMillis);
    await page.goto(server.url({ extension, tests, hostEnv }));
    return await exit;
  } finally {
    await browser.close();
  }
}

function exitOf(page: Page, timeoutMillis: number): Promise<HostExit> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ code: 124, logs: ["timed out"] }), timeoutMillis);
    const end = (exit: HostExit): void => {
      clearTimeout(timer);
      resolve(exit);
    };
    page.on("crash", () => end({ code: 125, logs: ["the page crashed"] }));
    void page.exposeFunction("codeAutomationLog", () => {});
    void page.exposeFunction("codeAutomationExit", (code: number, logs: unknown[]) => end({ code, logs }));
  });
}

function readReport(file: string): HostReportLine[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  return lines.map((line): HostReportLine => JSON.parse(line));
}
