import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { ROWS, result, run, snapshot, statement } from "./sample.ts";
import { openBrowser, openView, type ViewOptions, type ViewPage } from "./view-page.ts";

/**
 * The results view in a browser, opened anew for each test of a file.
 *
 * However a test leaves it, the view has told of no error and axe finds nothing in it.
 */
export class ResultsPage {
  #browser: Browser | null = null;
  #view: ViewPage | null = null;

  constructor() {
    beforeAll(async () => {
      this.#browser = await openBrowser();
    });
    afterAll(() => this.#browser?.close());
    afterEach(async () => {
      expect(this.view.errors).toEqual([]);
      expect(await this.view.accessibilityFaults()).toEqual([]);
      await this.page.context().close();
    });
  }

  get view(): ViewPage {
    if (this.#view === null) throw new Error("bug: no view has been opened");
    return this.#view;
  }

  get page(): Page {
    return this.view.page;
  }

  /** The cell that the keyboard acts on. */
  get active(): Locator {
    return this.page.locator('.cell[tabindex="0"]');
  }

  get focused(): Locator {
    return this.page.locator(":focus");
  }

  /** Opens the view before it has been told anything. */
  async open(options: ViewOptions = {}): Promise<void> {
    if (this.#browser === null) throw new Error("bug: opened before the tests");
    this.#view = await openView(this.#browser, "results", { setup: ROWS, ...options });
  }

  /** Opens the view with the rows of one statement, and the focus on the first of its cells. */
  async openRows(overrides: Parameters<typeof result>[0] = {}, options: ViewOptions = {}): Promise<void> {
    await this.open(options);
    await this.view.post(snapshot(run([statement({ result: result(overrides) })])));
    await this.page.getByRole("gridcell", { name: "Grace Hopper" }).first().waitFor();
    await this.active.focus();
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** The last message of a kind that the view sent. */
  async last(type: string): Promise<{ type: string } | undefined> {
    return (await this.view.sent()).filter((message) => message.type === type).at(-1);
  }
}
