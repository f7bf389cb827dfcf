import { describe, expect, it } from "vitest";
import { exportStrings } from "../../scripts/export-strings.mjs";
import { useDashboard } from "./pool-page.ts";
import { busyMinute, busyUpdate, holder, NOW, PROGRAM, pool, slot } from "./pool-sample.ts";
import { DARK, THEMES } from "./themes.ts";

const dashboard = useDashboard();

/** The words of the page, of its labels and of its hints that no translation has passed through, but for what is data. */
async function foreignWords(): Promise<string[]> {
  const texts: string[] = await dashboard.view.page.locator("body").evaluate((body) => {
    const found = [];
    for (const each of Reflect.get(body, "querySelectorAll").call(body, "*:not(script, code, style)")) {
      for (const node of each.childNodes) if (node.nodeType === 3) found.push(node.textContent);
      for (const name of ["aria-label", "aria-valuetext", "aria-roledescription", "title"])
        found.push(each.getAttribute(name) ?? "");
    }
    return found;
  });
  const rest = texts.map((text) => text.replace(/⟦[^⟦⟧]*⟧/g, "").replace(DATA, ""));
  return rest.filter((text) => /[a-z]{2}/i.test(text));
}

/** Names of pools, files, statements and errors, units, and what the server says. */
const DATA =
  /shop(#\d+)?|app@127\S+|[\w-]+\.(sql|ts):\d+|\b(SELECT|INSERT|UPDATE|order_lines|orders|customers|stock|ECONN\w+|idle|JSON|HTML|ms|p95|p99|select.*|create temporary.*|insert into.*|open transaction.*|acquire_timeout)\b/g;

describe("the dashboard", () => {
  it.each(THEMES)("is drawn in $name, and everybody can read it", async (theme) => {
    await dashboard.open({ theme });
    await dashboard.view.page.mouse.move(560, 330);
    await dashboard.view.page.locator(".tooltip").waitFor();
    await dashboard.view.picture(`dashboard-${theme.name}`);
    expect(await dashboard.inkOf("canvas.lanes")).toBeGreaterThan(10_000);
    expect(await dashboard.violations()).toEqual([]);
  });

  it.each(THEMES)("has a legend in $name in which each colour is to be seen", async (theme) => {
    await dashboard.open({ theme });
    const unseen = await dashboard.view.page
      .locator(".legend .key")
      .evaluateAll((keys: { className: string }[]) =>
        keys.flatMap((key) => {
          const { backgroundColor, backgroundImage } = Reflect.get(globalThis, "getComputedStyle")(key);
          return backgroundColor === "rgba(0, 0, 0, 0)" && backgroundImage === "none" ? [key.className] : [];
        }),
      );
    expect(unseen).toEqual([]);
  });

  it("speaks the editor's language in all of its words", async () => {
    const texts = Object.fromEntries(Object.keys(exportStrings()).map((text) => [text, `⟦${text}⟧`]));
    await dashboard.open({ texts });
    await dashboard.view.page.locator(".scroller").focus();
    await dashboard.view.page.keyboard.press("End");
    expect(await foreignWords()).toEqual([]);
    await dashboard.view.page.getByRole("button", { name: "⟦Table⟧" }).click();
    await dashboard.view.page.getByRole("button", { name: "shop#5", exact: true }).click();
    expect(await foreignWords()).toEqual([]);
    await dashboard.view.picture("dashboard-language");
    await dashboard.view.post({ ...busyUpdate(), pools: [] });
    await dashboard.view.page.getByText("⟦No pool to show⟧").waitFor();
    expect(await foreignWords()).toEqual([]);
  });

  it("fits the side bar", async () => {
    await dashboard.open({ theme: DARK, width: 340, height: 760 });
    await dashboard.view.picture("dashboard-side-bar");
    const overflow = await dashboard.view.page
      .locator("body")
      .evaluate((body) => body.scrollWidth - body.clientWidth);
    expect(overflow).toBe(0);
    expect(await dashboard.inkOf("canvas.lanes")).toBeGreaterThan(1_000);
    expect(await dashboard.violations()).toEqual([]);
  });

  it("has its lanes in sight in a low panel", async () => {
    await dashboard.open({ theme: DARK, width: 920, height: 230 });
    await dashboard.view.picture("dashboard-low");
    const lane = await dashboard.view.page.locator(".row").nth(1).boundingBox();
    expect((lane?.y ?? 0) + (lane?.height ?? 0)).toBeLessThan(210);
  });

  it("keeps its areas where many more wait than there can be connections", async () => {
    const recording = busyMinute();
    for (let at = NOW - 30_000; at <= NOW; at += 500) {
      recording.numbers(at, { used: 6, idle: 0, connecting: 0, waiting: 60, max: 6 });
    }
    await dashboard.open({ theme: DARK }, recording.update(NOW));
    await dashboard.view.picture("dashboard-crowd");
    // Full use fills most of the strip, whatever waits.
    expect(await dashboard.inkOf(".strip.area canvas")).toBeGreaterThan(20_000);
  });

  it("names the line of a leak in full in a panel of usual width", async () => {
    const place = { path: "/srv/leak-connection.ts", line: 12 };
    const holding = { ...holder(12, ""), label: "leak-connection.ts:12", place, statement: null };
    const leak = slot(5, { state: "used", forMillis: 2_400, holder: holding, leak: { stack: null, place } });
    await dashboard.open({ width: 922, height: 300 }, busyUpdate(pool({ origin: PROGRAM, slots: [leak] })));
    const line = dashboard.view.page
      .locator(".row.leak")
      .getByRole("button", { name: "leak-connection.ts:12" });
    await dashboard.view.picture("dashboard-leak");
    expect(await line.evaluate((button) => button.scrollWidth - button.clientWidth)).toBe(0);
    const action = await dashboard.view.page.locator(".row.leak .action").boundingBox();
    expect((action?.x ?? 0) + (action?.width ?? 0)).toBeLessThan(922 - 10);
  });

  it("fills an editor", async () => {
    await dashboard.open({ theme: DARK, width: 1600, height: 900 });
    const lane = await dashboard.view.page.locator(".scroller").boundingBox();
    await dashboard.view.page.mouse.click(620, (lane?.y ?? 0) + 10);
    await dashboard.view.page
      .getByText(/statements?$/)
      .first()
      .waitFor();
    await dashboard.view.picture("dashboard-editor");
  });

  it("offers a beginning while there is no pool", async () => {
    await dashboard.open({ width: 900, height: 300 });
    await dashboard.view.post({ ...busyUpdate(), pools: [] });
    await dashboard.view.page.getByText("No pool to show").waitFor();
    await dashboard.view.picture("dashboard-empty");
    await dashboard.view.page.getByRole("button", { name: "Connect to a database" }).click();
    await dashboard.view.page.getByRole("button", { name: "Listen for the pools of your program" }).click();
    expect(await dashboard.asked()).toEqual([
      { type: "command", command: "connect" },
      { type: "command", command: "receive" },
    ]);
  });

  it("sums up the time that is shown", async () => {
    await dashboard.open();
    const numbers = dashboard.view.page.locator(".numbers");
    expect(await numbers.locator(".used dd").textContent()).toBe("4 / 6");
    expect(await numbers.locator(".waiting dd").textContent()).toBe("2");
    expect(await numbers.locator(".p99 dd").textContent()).toMatch(/^\d+ ms$/);
    expect(await numbers.locator(".rate dd").textContent()).toMatch(/^\d\.\d$/);
  });
});
