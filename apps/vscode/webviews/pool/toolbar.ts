import type { PoolView } from "../../shared/protocol/pool.ts";
import { element, icon } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";
import { ownerText, poolName } from "./origin-chip.ts";
import { RANGES, type Viewport } from "./viewport.ts";

const ICON_PATHS = {
  pause: "M4.5 3h2v10h-2zM9.5 3h2v10h-2z",
  play: "M4.5 2.8 12.5 8l-8 5.2z",
  table: "M1.5 2.5h13v11h-13zm1 1v2h11v-2zm0 3v2.5h5V6.5zm6 0v2.5h5V6.5zm-6 3.5v2.5h5V10zm6 0v2.5h5V10z",
  export: "M7.5 1.5h1v7.3l2.4-2.4.7.7L8 10.7 4.4 7.1l.7-.7 2.4 2.4zM2.5 10h1v3.5h9V10h1v4.5h-11z",
} as const;

/** What the toolbar can ask for. */
export interface ToolbarActions {
  choose(pool: string | null): void;
  follow(rangeMillis: number): void;
  table(isTable: boolean): void;
  export(format: "json" | "html"): void;
}

const ALL = "";

/** Which pool, how much time, and what can be done with what is shown. */
export class Toolbar {
  readonly root: HTMLElement;
  readonly #viewport: Viewport;
  readonly #picker = element("select", { attributes: { "aria-label": l10n.t("Pool") } });
  readonly #ranges: readonly HTMLButtonElement[];
  readonly #pause: HTMLButtonElement;
  readonly #table: HTMLButtonElement;
  #pickedKeys = "";

  constructor(viewport: Viewport, actions: ToolbarActions) {
    this.#viewport = viewport;
    this.#picker.addEventListener("change", () =>
      actions.choose(this.#picker.value === ALL ? null : this.#picker.value),
    );
    this.#ranges = RANGES.map((range) =>
      button(l10n.t("{0} min", range / 60_000), l10n.t("Show the last {0} minutes", range / 60_000), () =>
        actions.follow(range),
      ),
    );
    this.#pause = button("", l10n.t("Pause"), () => viewport.togglePause());
    this.#table = button(l10n.t("Table"), l10n.t("Show as table"), () => {
      const isTable = this.#table.getAttribute("aria-pressed") !== "true";
      this.showTable(isTable);
      actions.table(isTable);
    });
    this.#table.prepend(icon(ICON_PATHS.table));
    this.showTable(false);
    const json = button("JSON", l10n.t("Export what is shown as JSON"), () => actions.export("json"));
    json.prepend(icon(ICON_PATHS.export));
    const html = button("HTML", l10n.t("Export what is shown as a page of one file"), () =>
      actions.export("html"),
    );
    this.root = element(
      "div",
      { className: "toolbar", attributes: { role: "toolbar", "aria-label": l10n.t("Dashboard") } },
      this.#picker,
      group(l10n.t("Time"), ...this.#ranges, this.#pause),
      group(l10n.t("View"), this.#table),
      group(l10n.t("Export"), json, html),
    );
  }

  update(pools: readonly PoolView[], chosen: string | null): void {
    const keys = JSON.stringify(pools.map((pool) => [pool.key, optionText(pool)]));
    if (keys !== this.#pickedKeys) {
      this.#pickedKeys = keys;
      const options = pools.map((pool) => option(pool.key, optionText(pool)));
      const all = option(ALL, l10n.t("All {0} pools", pools.length));
      this.#picker.replaceChildren(...(pools.length > 1 ? [all] : []), ...options);
    }
    this.#picker.hidden = pools.length < 2;
    const value = chosen ?? ALL;
    if (this.#picker.value !== value) this.#picker.value = value;
  }

  showTable(isTable: boolean): void {
    this.#table.setAttribute("aria-pressed", String(isTable));
  }

  /** What is shown has moved. */
  refresh(): void {
    const { isLive, range } = this.#viewport;
    for (const [index, each] of this.#ranges.entries()) {
      each.setAttribute("aria-pressed", String(isLive && Math.abs((RANGES[index] ?? 0) - range) < 1));
    }
    const label = isLive ? l10n.t("Pause") : l10n.t("Resume");
    if (this.#pause.getAttribute("aria-label") === label) return;
    this.#pause.setAttribute("aria-label", label);
    this.#pause.title = isLive ? l10n.t("Pause (Space)") : l10n.t("Follow the present again (Space)");
    this.#pause.replaceChildren(icon(isLive ? ICON_PATHS.pause : ICON_PATHS.play), label);
    this.#pause.classList.toggle("paused", !isLive);
  }
}

function button(text: string, title: string, onClick: () => void): HTMLButtonElement {
  return element("button", { text, title, attributes: { type: "button" }, onClick });
}

function option(value: string, label: string): HTMLOptionElement {
  return element("option", { attributes: { value, label } });
}

function group(label: string, ...buttons: HTMLElement[]): HTMLElement {
  return element(
    "div",
    { className: "group", attributes: { role: "group", "aria-label": label } },
    ...buttons,
  );
}

function optionText(pool: PoolView): string {
  const { origin } = pool;
  const name = poolName(pool);
  return origin.kind === "own" ? name : `${name} — ${ownerText({ ...origin, isStale: false }, 0)}`;
}
