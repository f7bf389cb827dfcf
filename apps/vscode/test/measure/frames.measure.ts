import { build } from "esbuild";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openBrowser, openView, type ViewPage } from "../webview/view-page.ts";

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Runs in the page: how far apart frames are while something goes on, in milliseconds. */
const WATCH = `
  globalThis.frames = [];
  globalThis.watching = true;
  let last = performance.now();
  const step = (now) => {
    frames.push(now - last);
    last = now;
    if (watching) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
`;

async function framesDuring(view: ViewPage, act: () => Promise<void>): Promise<number[]> {
  await view.page.evaluate(WATCH);
  await act();
  const frames: number[] = await view.page.evaluate("watching = false; frames.slice(2)");
  return frames.sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

it("draws 60 frames a second with 50 lanes and ten minutes of 500 checkouts a second", async () => {
  const { outputFiles } = await build({
    entryPoints: [`${import.meta.dirname}/page-load.ts`],
    bundle: true,
    format: "iife",
    write: false,
    conditions: ["rockpool-source"],
  });
  const view = await openView(browser, "pool", { width: 1280, height: 760 });
  await view.page.evaluate(outputFiles[0]?.text ?? "");
  const taken: number = await view.page.evaluate("tellLoad()");
  await view.page.getByRole("button", { name: "10 min" }).click();
  const { mouse } = view.page;
  await mouse.move(500, 400);
  const zoom = async (turns: number, by: number): Promise<void> => {
    await view.page.keyboard.down("Control");
    for (let turn = 0; turn < turns; turn += 1) {
      await mouse.wheel(0, by);
      await view.page.evaluate("new Promise(requestAnimationFrame)");
    }
    await view.page.keyboard.up("Control");
  };
  const actions: [string, () => Promise<void>][] = [
    ["following ten minutes", () => view.page.evaluate("new Promise((done) => setTimeout(done, 3000))")],
    ["zooming in", () => zoom(90, -12)],
    ["zooming out", () => zoom(90, 12)],
    [
      "panning",
      async () => {
        await zoom(20, -40);
        for (let turn = 0; turn < 90; turn += 1) {
          await mouse.wheel(-12, 0);
          await view.page.evaluate("new Promise(requestAnimationFrame)");
        }
      },
    ],
    [
      "hovering",
      async () => {
        for (let x = 300; x < 480; x += 2) await mouse.move(x, 330 + (x % 60));
      },
    ],
  ];
  console.log(`\nthe whole past taken in and drawn in ${taken.toFixed(0)} ms; frames, in milliseconds:`);
  for (const [name, act] of actions) {
    const frames = await framesDuring(view, act);
    console.log(
      `  ${name.padEnd(22)} median ${at(frames, 0.5).toFixed(1)}   p95 ${at(frames, 0.95).toFixed(1)}   ${frames.length} frames`,
    );
  }
  expect(view.errors).toEqual([]);
  await view.page.context().close();
}, 300_000);
