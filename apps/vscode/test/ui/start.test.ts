import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchBrowser } from "@rockpool/editor";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canRunEditor, VSIX } from "./world.ts";

const PICTURES = join(import.meta.dirname, "..", "..", ".test-results", "screenshots");

let child: ChildProcess;
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

function row(name: RegExp) {
  return page.getByRole("treeitem", { name });
}

describe.runIf(canRunEditor)("what npm start opens", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    const program = join(import.meta.dirname, "launch-playground.mjs");
    const env = { ...process.env, CI: "true" };
    child = spawn(process.execPath, ["--enable-source-maps", program, VSIX], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    });
    if (child.stdout === null) throw new Error("bug: a pipe was asked for");
    const [url, opened] = await Promise.all([editorAddress(child.stdout), launchBrowser()]);
    browser = opened;
    page = await browser.newPage({ viewport: { width: 1_400, height: 900 } });
    await page.goto(url);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    child?.kill("SIGTERM");
    if (child !== undefined && child.exitCode === null) await once(child, "exit");
  });

  test("shows the playground's pool beside the extension's own, without a hand being raised", async () => {
    await row(/^Pool shop: \d of 4 connections used/).waitFor({ timeout: 90_000 });
    await row(/^Pool playground: \d of 6 connections used.*rockpool-playground/).waitFor({ timeout: 60_000 });
    await row(/^Your programs, 1 reporting/).waitFor();
  });

  test("shows its leak with the line that was written, not the one that was compiled", async () => {
    await row(/^#\d leak-connection\.ts:12, suspected leak/).waitFor({ timeout: 60_000 });
    mkdirSync(PICTURES, { recursive: true });
    await page.screenshot({ path: join(PICTURES, "npm-start.png") });
  });

  test("ends with nothing left when it is interrupted", async () => {
    await browser.close();
    child.kill("SIGTERM");
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
  });
});
