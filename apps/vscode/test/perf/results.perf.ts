import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { openFile } from "@rockpool/editor";
import type { Frame } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startWorld, type World } from "../ui/world.ts";
import { ExtensionHost } from "./extension-host.ts";

const COLUMNS = `n as id, md5(n::text) as hash, n * 0.37 as amount, n % 2 = 0 as even, now() + n * interval '1 second' as at,
  'customer ' || n % 1000 as customer, n % 97 as bucket, n % 1009 as code, 'row ' || n as label, n / 3.0 as third,
  case when n % 5 = 0 then null else 'note ' || n end as note, '{"n": ' || n || '}' as doc`;

const SQL = `select 1 as warm;

select ${COLUMNS.replace(/\s+/g, " ")} from generate_series(1, 1000000) as n;

select n, 'row ' || n as label from generate_series(1, 16000000) as n;
`;

const MD5_OF_ONE = "c4ca4238a0b923820dcc509a6f75849b";

let world: World;
let host: ExtensionHost;

function report(what: string, value: number, unit: string): void {
  console.log(`${what.padEnd(72)} ${value.toFixed(1)} ${unit}`);
}

async function resultsFrame(): Promise<Frame> {
  for (const frame of world.page.frames()) {
    if ((await frame.locator(".scroller").count()) > 0) return frame;
  }
  throw new Error("no grid in view");
}

/** Runs in the page: scrolls in each frame and gives how long the frames took, in milliseconds. */
const SCROLL = `(async ({ steps, isFar }) => {
  const scroller = document.querySelector(".scroller");
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const times = [];
  let last = await frame();
  for (let step = 0; step < steps; step++) {
    const far = ((step * 7919) % steps) / steps * scroller.scrollHeight;
    if (isFar) scroller.scrollTop = far;
    else scroller.dispatchEvent(new WheelEvent("wheel", { deltaY: 120, cancelable: true, bubbles: true }));
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  return times.sort((a, b) => a - b);
})`;

async function scroll(what: string, isFar: boolean): Promise<void> {
  const frame = await resultsFrame();
  const times: number[] = await frame.evaluate(`${SCROLL}({ steps: 240, isFar: ${isFar} })`);
  report(`${what}: median frame`, times[120] ?? 0, "ms");
  report(`${what}: p95 frame (wanted: under 33)`, times[228] ?? 0, "ms");
}

async function timingOf(part: string): Promise<number> {
  const text = (await world.panel.getByTitle(new RegExp(`^${part}:`)).textContent()) ?? "";
  const [, value, unit] = /([\d.]+) (ms|s)$/.exec(text) ?? [];
  return Number(value) * (unit === "s" ? 1_000 : 1);
}

describe("results, measured", { timeout: 600_000 }, () => {
  beforeAll(async () => {
    world = await startWorld({ files: { "large.sql": SQL } });
    await openFile(world.page, "large.sql");
    await world.statusBar("shop").waitFor();
    await world.runAt(1);
    await world.panel.getByText("1 row", { exact: true }).waitFor();
    host = await ExtensionHost.find(world.postgres.url);
  }, 300_000);

  afterAll(async () => {
    host?.close();
    await world?.stop();
  });

  test("1,000,000 rows of 12 columns", async () => {
    const before = await host.memory();
    await world.page.getByRole("tab", { name: "large.sql" }).click();
    await world.runAt(3);
    await world.panel.getByText(MD5_OF_ONE).waitFor();
    await world.panel.getByTitle(/^render:/).waitFor();
    const shown = (await timingOf("fetch")) + (await timingOf("render"));
    report("first rows drawn after the server had them: fetch + render (wanted: under 200)", shown, "ms");
    await host.watchDelays();
    const since = performance.now();
    await world.panel.getByRole("button", { name: "Load all" }).click();
    await world.panel.getByText("1,000,000 rows", { exact: true }).waitFor({ timeout: 300_000 });
    report("all rows loaded in", (performance.now() - since) / 1_000, "s");
    report("longest that the host was held up meanwhile", await host.longestDelay(), "ms");
    await scroll("scrolling by the wheel", false);
    await scroll("dragging the scroll bar anywhere", true);
    await host.watchDelays();
    const sortedAt = performance.now();
    await world.panel.getByRole("columnheader", { name: "hash text" }).click();
    await world.page.keyboard.press("ArrowUp");
    await world.page.keyboard.press("Enter");
    await world.page.keyboard.press("Enter");
    await world.panel.getByText("1,000,000 of 1,000,000 loaded rows").waitFor({ timeout: 60_000 });
    report("sorted by a text column in", (performance.now() - sortedAt) / 1_000, "s");
    report("longest that the host was held up meanwhile", await host.longestDelay(), "ms");
    await scroll("dragging the scroll bar of sorted rows anywhere", true);
    const after = await host.memory();
    report("more heap in the host (wanted: under 100)", after.heap - before.heap, "MB");
    report("more buffers beside the heap", after.buffers - before.buffers, "MB");
  });

  test("16,000,000 rows", async () => {
    await world.page.getByRole("tab", { name: "large.sql" }).click();
    await world.runAt(5);
    await world.panel.getByText("row 1", { exact: true }).waitFor();
    await host.watchDelays();
    const since = performance.now();
    await world.panel.getByRole("button", { name: "Load all" }).click();
    await world.panel
      .getByText("more rows are not kept, see rockpool.results.maxRows")
      .waitFor({ timeout: 300_000 });
    report("loading stopped at the bound of 2,000,000 rows after", (performance.now() - since) / 1_000, "s");
    const file = join(world.editor.folder, "all.csv");
    const exportedAt = performance.now();
    await world.panel.getByRole("button", { name: "Export to a file…" }).click();
    for (const row of ["All rows of the query", "CSV"]) {
      await world.page.locator(".quick-input-list .monaco-list-row", { hasText: row }).first().click();
    }
    const input = world.page.locator('.quick-input-widget input[type="text"]').first();
    await vi.waitFor(async () => expect(await input.inputValue()).toContain("result.csv"), 10_000);
    await input.fill(file);
    await world.page.keyboard.press("Enter");
    await vi.waitFor(() => statSync(file), { timeout: 300_000, interval: 250 });
    report(
      `all 16,000,000 rows exported (${Math.round(statSync(file).size / 1e6)} MB) in`,
      (performance.now() - exportedAt) / 1_000,
      "s",
    );
    report("longest that the host was held up meanwhile", await host.longestDelay(), "ms");
    const { heap, buffers } = await host.memory();
    report("heap of the host afterwards", heap, "MB");
    report("buffers beside it", buffers, "MB");
    rmSync(file);
  });
});
