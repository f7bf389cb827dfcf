import axe from "axe-core";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { PoolUpdate } from "../../shared/protocol/pool.ts";
import { busyUpdate } from "./pool-sample.ts";
import { openBrowser, openView, type ViewPage } from "./view-page.ts";

type OpenOptions = Parameters<typeof openView>[2];

/** The Pool Dashboard in a real browser, with a host that the test plays. */
export class DashboardUnderTest {
  #browser: Browser | null = null;
  #view: ViewPage | null = null;

  get view(): ViewPage {
    if (this.#view === null) throw new Error("bug: no dashboard is open");
    return this.#view;
  }

  async launch(): Promise<void> {
    this.#browser = await openBrowser();
  }

  /** Opens it and tells it of its pools. */
  async open(options: OpenOptions = {}, update: PoolUpdate = busyUpdate()): Promise<void> {
    if (this.#browser === null) throw new Error("bug: the browser was not launched");
    this.#view = await openView(this.#browser, "pool", { width: 1240, height: 620, ...options });
    await this.view.post(update);
    await this.view.page.getByRole("toolbar").waitFor();
  }

  /** What it has asked of the host since it was ready. */
  async asked(): Promise<unknown[]> {
    return (await this.view.sent()).filter(({ type }) => type !== "ready" && type !== "details");
  }

  /** What of the page is against the WCAG at level AA. */
  async violations(): Promise<string[]> {
    await this.view.page.evaluate(axe.source);
    const found: { id: string; nodes: { html: string }[] }[] = await this.view.page.evaluate(
      "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], rules: { 'page-has-heading-one': { enabled: false } } }).then(({ violations }) => violations)",
    );
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  }

  /** How many pixels of a picture have colour, so that a test can tell it from an empty one. */
  inkOf(selector: string): Promise<number> {
    return this.view.page
      .locator(selector)
      .evaluate((canvas: { width: number; height: number; getContext(kind: string): unknown }) => {
        const context = canvas.getContext("2d");
        const read = Reflect.get(Object(context), "getImageData");
        const image = read.call(context, 0, 0, canvas.width, canvas.height);
        let ink = 0;
        for (let index = 3; index < image.data.length; index += 4) if (image.data[index] > 0) ink += 1;
        return ink;
      });
  }

  async close(): Promise<void> {
    const { page, errors } = this.view;
    this.#view = null;
    await page.context().close();
    expect(errors).toEqual([]);
  }

  async end(): Promise<void> {
    await this.#browser?.close();
  }
}

/** A dashboard for each test of a file; one that has met an error fails its test. */
export function useDashboard(): DashboardUnderTest {
  const dashboard = new DashboardUnderTest();
  beforeAll(() => dashboard.launch());
  afterEach(() => dashboard.close());
  afterAll(() => dashboard.end());
  return dashboard;
}
