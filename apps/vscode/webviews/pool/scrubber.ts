import { CELL_MILLIS } from "../../shared/protocol/pool.ts";
import { element } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";
import type { CellStore } from "./series-store.ts";
import { clockText } from "./strip-axis.ts";
import { openSurface } from "./surface.ts";
import type { Viewport } from "./viewport.ts";

const STEP = 0.1;

/** The whole history in small, with a window that can be dragged: what the strips show. */
export class Scrubber {
  readonly root: HTMLElement;
  readonly #viewport: Viewport;
  readonly #canvas = element("canvas", { attributes: { "aria-hidden": "true" } });
  readonly #name = element("span", { className: "of", attributes: { "aria-hidden": "true" } });
  readonly #window: HTMLElement;
  #grab: { readonly x: number; readonly from: number; readonly to: number } | null = null;

  constructor(viewport: Viewport) {
    this.#viewport = viewport;
    this.#window = element("div", {
      className: "window",
      attributes: {
        role: "slider",
        tabindex: "0",
        "aria-orientation": "horizontal",
        "aria-valuemin": "0",
        "aria-valuemax": "100",
        "aria-valuenow": "100",
      },
    });
    this.root = element("div", { className: "scrubber" }, this.#canvas, this.#name, this.#window);
    this.root.addEventListener("pointerdown", (event) => this.#down(event));
    this.root.addEventListener("pointermove", (event) => this.#move(event));
    this.root.addEventListener("pointerup", () => {
      this.#grab = null;
    });
    this.root.addEventListener("dblclick", () => viewport.follow());
    this.#window.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param name - of the pool, or of the pools, whose use it shows. */
  draw(name: string, cells: readonly CellStore[]): void {
    if (this.#name.textContent !== name) {
      this.#name.textContent = name;
      this.#window.setAttribute("aria-label", l10n.t("Time shown, of the last ten minutes of {0}", name));
    }
    const { span, now, history, isLive } = this.#viewport;
    const left = Math.max(0, 1 - (now - span.from) / history);
    const right = Math.min(1, 1 - (now - span.to) / history);
    this.#window.style.left = `${left * 100}%`;
    this.#window.style.width = `${Math.max(0.4, (right - left) * 100)}%`;
    this.#window.setAttribute("aria-valuenow", String(Math.round(right * 100)));
    const text = isLive
      ? l10n.t("now, and the {0} seconds before", Math.round(this.#viewport.range / 1_000))
      : l10n.t("{0} to {1}", clockText(span.from, 1_000), clockText(span.to, 1_000));
    this.#window.setAttribute("aria-valuetext", text);
    this.#drawUse(cells, { from: now - history, to: now });
  }

  /** All of the pools together. */
  #drawUse(cells: readonly CellStore[], { from, to }: { from: number; to: number }): void {
    const surface = openSurface(this.#canvas);
    if (surface === null) return;
    const { context, width, height, color } = surface;
    const values: { x: number; used: number; waiting: number }[] = [];
    let most = 1;
    const step = Math.max(1, Math.floor((to - from) / CELL_MILLIS / width));
    for (let number = Math.ceil(from / CELL_MILLIS); number * CELL_MILLIS < to; number += step) {
      let [used, waiting] = [0, 0];
      for (const each of cells) {
        used += each.gauge(number, "used") ?? 0;
        waiting += each.gauge(number, "peakWaiting") ?? 0;
      }
      most = Math.max(most, used + waiting);
      values.push({ x: ((number * CELL_MILLIS - from) / (to - from)) * width, used, waiting });
    }
    const wide = (step * CELL_MILLIS * width) / (to - from);
    context.beginPath();
    context.fillStyle = color("--overview");
    for (const { x, used } of values) {
      const high = (used / most) * height;
      context.rect(Math.round(x), height - high, Math.max(1, Math.round(x + wide) - Math.round(x)), high);
    }
    context.fill();
    context.beginPath();
    context.fillStyle = color("--waiting");
    for (const { x, used, waiting } of values) {
      if (waiting === 0) continue;
      const top = height - ((used + waiting) / most) * height;
      context.rect(Math.round(x), top, Math.max(1, Math.round(wide)), (waiting / most) * height);
    }
    context.fill();
  }

  #timeAt(clientX: number): number {
    const { left, width } = this.root.getBoundingClientRect();
    const { now, history } = this.#viewport;
    return now - history + ((clientX - left) / width) * history;
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const time = this.#timeAt(event.clientX);
    const { span, range } = this.#viewport;
    const isInside = time >= span.from && time <= span.to;
    const from = isInside ? span.from : time - range / 2;
    if (!isInside) this.#viewport.show({ from, to: from + range });
    this.#grab = { x: event.clientX, from, to: from + range };
    this.root.setPointerCapture(event.pointerId);
  }

  #move(event: PointerEvent): void {
    if (this.#grab === null || event.clientX === this.#grab.x) return;
    const by = this.#timeAt(event.clientX) - this.#timeAt(this.#grab.x);
    const { from, to } = this.#grab;
    if (to + by >= this.#viewport.now) this.#viewport.follow(to - from);
    else this.#viewport.show({ from: from + by, to: to + by });
  }

  #key(event: KeyboardEvent): void {
    const { span, now, history, range } = this.#viewport;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.#viewport.pan(-STEP),
      ArrowRight: () => this.#viewport.pan(STEP),
      PageUp: () => this.#viewport.pan(-1),
      PageDown: () => this.#viewport.pan(1),
      Home: () => this.#viewport.show({ from: now - history, to: now - history + range }),
      End: () => this.#viewport.follow(range),
      "+": () => this.#viewport.zoom(1 / 1.5, (span.from + span.to) / 2),
      "-": () => this.#viewport.zoom(1.5, (span.from + span.to) / 2),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  }
}
