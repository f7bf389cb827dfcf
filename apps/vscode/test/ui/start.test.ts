import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchBrowser } from "@rockpool/editor";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { processesIn } from "./processes.ts";
import { canRunEditor, VSIX } from "./world.ts";

const PICTURES = join(import.meta.dirname, "..", "..", ".test-results", "screenshots");

/** The temporary folder of all that is started. */
let home: string;
let child: ChildProcess;
let url: string;
let browser: Browser;
let page: Page;

/** The address of the editor among the addresses that a start prints. */
function editorAddress(output: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    output.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const [, url] = /editor\s+(http:\S+)/.exec(text) ?? [];
      if (url !== undefined && text.includes("Ctrl-C")) resolve(url);
    });
    output.once("end", () => reject(new Error(`it ended before it had started:\n${text}`)));
  });
}

async function openPage(): Promise<void> {
  page = await browser.newPage({ viewport: { width: 1_400, height: 900 } });
  await page.goto(url);
}

function row(name: RegExp) {
  return page.getByRole("treeitem", { name });
}

describe.runIf(canRunEditor)("what npm start opens", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    const program = join(import.meta.dirname, "launch-playground.mjs");
    home = mkdtempSync(join(tmpdir(), "rp-start-"));
    // Where the test is root, the database has a user of its own.
    chmodSync(home, 0o755);
    const env = { ...process.env, CI: "true", TMPDIR: home };
    child = spawn(process.execPath, ["--enable-source-maps", program, VSIX], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
      // A group of its own, which hears Ctrl-C as a whole.
      detached: true,
    });
    if (child.stdout === null) throw new Error("bug: a pipe was asked for");
    [url, browser] = await Promise.all([editorAddress(child.stdout), launchBrowser()]);
    await openPage();
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    child?.kill("SIGTERM");
    if (child !== undefined && child.exitCode === null) await once(child, "exit");
    if (home !== undefined) rmSync(home, { recursive: true, force: true });
  });

  test("shows the playground's pool beside the extension's own, without a hand being raised", async () => {
    await row(/^Pool shop: \d of 4 connections used/).waitFor({ timeout: 90_000 });
    await row(/^Pool playground: \d of 6 connections used.*rockpool-playground/).waitFor({ timeout: 60_000 });
    await row(/^Your programs, 1 reporting/).waitFor();
  });

  test("shows it again to who closes the page and opens another one", async () => {
    await page.close();
    await openPage();
    await row(/^Pool playground: \d of 6 connections used/).waitFor({ timeout: 60_000 });
  });

  test("shows its leak with the line that was written, not the one that was compiled", async () => {
    await row(/^#\d leak-connection\.ts:12, suspected leak/).waitFor({ timeout: 60_000 });
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, "npm-start.png") });
  });

  test("leaves no process and no temporary folder behind after Ctrl-C", async () => {
    expect(processesIn(home).length).toBeGreaterThan(3);
    expect(readdirSync(home)).not.toEqual([]);
    await browser.close();
    if (child.pid === undefined) throw new Error("bug: it has run");
    process.kill(-child.pid, "SIGINT");
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    expect(processesIn(home)).toEqual([]);
    expect(readdirSync(home)).toEqual([]);
  });
});
