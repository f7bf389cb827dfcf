import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PoolUpdate } from "../../shared/protocol/pool.ts";
import { busyUpdate, NOW, pool } from "./pool-sample.ts";
import { DARK, THEMES } from "./themes.ts";
import { openBrowser, openView, type ViewPage } from "./view-page.ts";

let browser: Browser;
let view: ViewPage;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

async function open(
  options: Parameters<typeof openView>[2] = {},
  update: PoolUpdate = busyUpdate(),
): Promise<void> {
  view = await openView(browser, "pool", { width: 1240, height: 620, ...options });
  await view.post(update);
  await view.page.getByRole("toolbar").waitFor();
}

afterEach(async () => {
  expect(view.errors).toEqual([]);
  await view.page.context().close();
});

describe("the dashboard", () => {
  it.each(THEMES)("is drawn in $name", async (theme) => {
    await open({ theme });
    await view.page.mouse.move(560, 330);
    await view.picture(`dashboard-${theme.name}`);
  });

  it("fits the side bar", async () => {
    await open({ theme: DARK, width: 340, height: 760 });
    await view.picture("dashboard-side-bar");
    const overflow = await view.page.locator("body").evaluate((body) => body.scrollWidth - body.clientWidth);
    expect(overflow).toBe(0);
  });

  it("fills an editor", async () => {
    await open({ theme: DARK, width: 1600, height: 900 });
    await view.picture("dashboard-editor");
  });

  it("shows tables", async () => {
    await open({ theme: DARK });
    await view.page.getByRole("button", { name: "Table" }).click();
    await view.page.getByRole("button", { name: "shop#3", exact: true }).click();
    await view.picture("dashboard-table");
  });

  it("is empty", async () => {
    view = await openView(browser, "pool", { width: 900, height: 300 });
    await view.post({ ...busyUpdate(), pools: [] });
    await view.page.getByText("No pool to show").waitFor();
    await view.picture("dashboard-empty");
    expect(NOW).toBeGreaterThan(0);
    expect(pool().name).toBe("shop");
  });
});
