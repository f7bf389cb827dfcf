import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { renderTimelinePage } from "../src/page/render-timeline-page.ts";
import { ReuseTimeline } from "../src/timeline/index.ts";
import { spansOf } from "./support/history.ts";
import { span } from "./support/spans.ts";

const BROWSERS = [
  process.env.CHROMIUM_PATH ?? "",
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
];

let browser: Browser;
let folder: string;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  const executablePath = BROWSERS.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("install chromium-headless-shell, or set CHROMIUM_PATH");
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  folder = await mkdtemp(join(tmpdir(), "rockpool-page-"));
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

beforeEach(async () => {
  const timeline = new ReuseTimeline();
  const use = {
    waitMillis: 5,
    queries: ["SELECT orders", "UPDATE customers"],
    hasTransaction: true,
    hasCallerSpan: false,
  };
  for (const id of ["main#1", "main#2"]) {
    timeline.add(spansOf({ process: 1, pool: "main", uses: [use, use, use], closeReason: "idle" }, id));
  }
  timeline.add([
    span({
      traceId: "f".repeat(32),
      startTimeUnixMillis: 2_000,
      endTimeUnixMillis: 2_040,
      attributes: {
        "rockpool.connection.id": "<img src=x onerror=alert(1)>",
        "rockpool.connection.use_count": 1,
      },
    }),
    span({
      startTimeUnixMillis: 2_000,
      endTimeUnixMillis: 2_040,
      attributes: {
        "rockpool.connection.id": `${"reports-".repeat(8)}quarter#12`,
        "rockpool.connection.use_count": 1,
      },
    }),
    span({
      status: "error",
      startTimeUnixMillis: 2_000,
      endTimeUnixMillis: 2_030,
      attributes: { "error.type": "acquire_timeout" },
    }),
  ]);
  const file = join(folder, "timeline.html");
  await writeFile(
    file,
    renderTimelinePage(timeline.snapshot(), { traceUrl: "http://localhost:16686/trace/{traceId}" }),
  );
  page = await browser.newPage({ viewport: { width: 1_280, height: 720 } });
  problems.length = 0;
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  page.on(
    "request",
    (request) => request.url().startsWith("file:") || problems.push(`requested ${request.url()}`),
  );
  await page.goto(pathToFileURL(file).href);
  return async () => {
    await page.close();
    expect(problems).toEqual([]);
  };
});

test("each connection is a lane and each checkout a bar that says in words what it was", async () => {
  await expect.poll(() => page.locator(".lane").count()).toBe(5);
  const label = await page.locator('.lane:has-text("main#1") .use').nth(1).getAttribute("aria-label");
  expect(label).toBe("main#1, use 2, waited 5 ms, held 8 ms, 2 queries");
  expect(await page.locator(".misses .miss").getAttribute("aria-label")).toContain(
    "acquire_timeout after 30 ms",
  );
});

test("pointing at a checkout shows its wait, its queries and its trace", async () => {
  await page.locator('.lane:has-text("main#2") .use').first().hover();
  const details = page.locator(".details");
  await expect.poll(() => details.locator("h2").textContent()).toBe("main#2, use 1");
  expect(await details.locator("tbody tr").allTextContents()).toEqual([
    expect.stringContaining("SELECT orders"),
    expect.stringContaining("UPDATE customers"),
  ]);
  expect(await details.locator("a.button").getAttribute("href")).toMatch(
    /^http:\/\/localhost:16686\/trace\/[0-9a-f]{32}$/,
  );
});

test("arrow keys walk through the checkouts of a connection and from one connection to the next", async () => {
  const title = () => page.locator(".details h2").textContent();
  await page.locator('.lane:has-text("main#1") .use').first().focus();
  await page.keyboard.press("ArrowRight");
  await expect.poll(title).toBe("main#1, use 2");
  await page.keyboard.press("ArrowDown");
  await expect.poll(title).toBe("main#2, use 2");
  await page.keyboard.press("End");
  await expect.poll(title).toBe("main#2, use 3");
  expect(await page.locator(".use[tabindex='0']").count()).toBe(1);
});

test("a trace is highlighted, and its address leads back to it", async () => {
  const use = page.locator('.lane:has-text("main#1") .use').nth(2);
  await use.click();
  await page.keyboard.press("t");
  await expect.poll(() => page.locator(".use.same").count()).toBe(1);
  const trace = await use.getAttribute("data-trace");
  expect(page.url()).toContain(`#trace=${trace}`);
  await page.reload();
  await expect.poll(() => page.locator(".use.same").getAttribute("data-trace")).toBe(trace);
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator(".use.same").count()).toBe(0);
});

test("the chosen checkout stays marked while nothing points at it", async () => {
  await page.locator('.lane:has-text("main#1") .use').nth(1).click();
  await page.locator('.lane:has-text("main#2") .use').nth(2).click();
  await page.mouse.move(0, 0);
  const chosen = page.locator(".use[aria-current='true']");
  expect(await chosen.getAttribute("aria-label")).toContain("main#2, use 3");
  expect(await page.locator(".details h2").textContent()).toBe("main#2, use 3");
});

test("the number of a connection stays in sight where its name is cut", async () => {
  const label = page.locator('.label:has-text("quarter#12")');
  const box = await label.boundingBox();
  const number = await label.getByText("#12", { exact: true }).boundingBox();
  expect(number?.width).toBeGreaterThan(10);
  expect((number?.x ?? 0) + (number?.width ?? 0)).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0));
});

test("the legend keeps its colours where the reader's system forces others", async () => {
  await page.emulateMedia({ forcedColors: "active" });
  const colours = await page.evaluate<string[]>(
    "[...document.querySelectorAll('.swatch:not(.wait, .connect)')].map((one) => getComputedStyle(one).background)",
  );
  expect(new Set(colours).size).toBe(colours.length);
  expect(await page.getByRole("region", { name: "Legend and zoom" }).count()).toBe(1);
});

test("zooming widens the time and keeps the labels in place", async () => {
  const use = page.locator('.lane:has-text("main#1") .use').first();
  const before = (await use.boundingBox())?.width ?? 0;
  await page.getByRole("button", { name: "Zoom in" }).click();
  await expect.poll(async () => (await use.boundingBox())?.width ?? 0).toBeGreaterThan(before * 1.5);
  expect((await page.locator(".label").first().boundingBox())?.x).toBe(0);
  await page.getByRole("button", { name: "Fit" }).click();
  await expect.poll(() => page.locator(".zoom output").textContent()).toBe("1×");
});

test("names that look like markup stay text", async () => {
  expect(await page.locator("img").count()).toBe(0);
  expect(await page.locator(".label b").allTextContents()).toContain("<img src=x onerror=alert(1)>");
});
