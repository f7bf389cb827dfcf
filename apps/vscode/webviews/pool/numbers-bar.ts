import { CELL_MILLIS, type PoolView, WAIT_BOUNDS } from "../../shared/protocol/pool.ts";
import { element } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";
import { type CellStore, percentile } from "./series-store.ts";
import type { Span } from "./viewport.ts";

type Tone = "plain" | "warning";

/** The numbers of a pool: how full it was at the end of what is shown, and how it did over all of that. */
export class NumbersBar {
  readonly root: HTMLElement;
  readonly #values = new Map<string, HTMLElement>();
  readonly #fill = element("span", { className: "fill" });
  readonly #gauge = element(
    "span",
    { className: "gauge", attributes: { "aria-hidden": "true" } },
    this.#fill,
  );

  constructor() {
    this.root = element("dl", { className: "numbers" });
    this.#add("used", l10n.t("in use"), this.#gauge);
    this.#add("waiting", l10n.t("waiting"));
    this.#add("p50", l10n.t("wait p50"));
    this.#add("p95", "p95");
    this.#add("p99", "p99");
    this.#add("rate", l10n.t("checkouts/s"));
    this.#add("errors", l10n.t("errors/s"));
    this.#add("reuse", l10n.t("reused"));
  }

  /** @param pool - as it was at the end of the span. */
  update(pool: PoolView, cells: CellStore, span: Span): void {
    const { seconds, checkouts, reused, failures, waits } = cells.period(span.from, span.to);
    const { used, max, waiting } = pool;
    this.#set("used", `${shown(used)}${max === null ? "" : ` / ${max}`}`, isFull(pool) ? "warning" : "plain");
    this.#gauge.hidden = max === null;
    this.#fill.style.width = `${max === null || used === null || max === 0 ? 0 : Math.min(100, (used / max) * 100)}%`;
    this.#set("waiting", shown(waiting), (waiting ?? 0) > 0 ? "warning" : "plain");
    this.#set("p50", millisText(percentile(waits, 0.5)));
    this.#set("p95", millisText(percentile(waits, 0.95)));
    this.#set("p99", millisText(percentile(waits, 0.99)));
    const isTold = checkouts > 0 || pool.origin.kind === "own" || pool.counters.checkouts !== null;
    this.#set("rate", isTold ? rateText(checkouts, seconds) : "–");
    const isFailing = failures > 0;
    this.#set(
      "errors",
      isTold || isFailing ? rateText(failures, seconds) : "–",
      isFailing ? "warning" : "plain",
    );
    this.#set("reuse", checkouts === 0 ? "–" : `${Math.floor((reused / checkouts) * 100)} %`);
  }

  #add(name: string, label: string, extra: Node | null = null): void {
    const value = element("dd", { text: "–" });
    this.#values.set(name, value);
    this.root.append(element("div", { className: name }, element("dt", { text: label }), value, extra));
  }

  #set(name: string, text: string, tone: Tone = "plain"): void {
    const value = this.#values.get(name);
    if (value === undefined) return;
    if (value.textContent !== text) value.textContent = text;
    value.classList.toggle("warning", tone === "warning");
  }
}

/** The pool with the numbers of a moment in the past; null where they are not known. */
export function asItWas(pool: PoolView, cells: CellStore, at: number): PoolView {
  const number = Math.floor(at / CELL_MILLIS);
  const gauge = (name: "used" | "waiting" | "max"): number | null =>
    cells.gauge(number, name) ?? cells.gauge(number - 1, name);
  return { ...pool, used: gauge("used"), waiting: gauge("waiting"), max: gauge("max") };
}

function isFull({ used, max, waiting }: PoolView): boolean {
  return used !== null && max !== null && used >= max && (waiting ?? 0) > 0;
}

function shown(value: number | null): string {
  return value === null ? "–" : String(value);
}

function rateText(count: number, seconds: number): string {
  if (seconds === 0) return "–";
  const rate = count / seconds;
  if (rate === 0) return "0";
  if (rate < 0.1) return rate.toFixed(2);
  return rate < 10 ? rate.toFixed(1) : String(Math.round(rate));
}

function millisText(millis: number | null): string {
  if (millis === null) return "–";
  // The first bucket has no finer bounds.
  if (millis < (WAIT_BOUNDS[0] ?? 0)) return `<${WAIT_BOUNDS[0]} ms`;
  if (millis < 1) return `${millis.toFixed(1)} ms`;
  if (millis < 1_000) return `${Number(millis.toPrecision(2))} ms`;
  return `${Number((millis / 1_000).toPrecision(2))} s`;
}
