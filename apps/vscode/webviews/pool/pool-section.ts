import type { PoolHistory, PoolView, WaiterView } from "../../shared/protocol/pool.ts";
import { element } from "../shared/dom.ts";
import { formatDuration } from "../shared/format.ts";
import { type LaneActions, LaneRow } from "./lane-row.ts";
import { laneNumbers, laneSegments } from "./lane-segments.ts";
import { drawStripChart } from "./strip-chart.ts";

interface Frame {
  readonly now: number;
  readonly windowMillis: number;
}

function slotNumber(id: string): number {
  return Number(id.slice(id.lastIndexOf("#") + 1));
}

/** The numbers of a pool, each with the colour that it has in the chart. */
class Numbers {
  readonly root: HTMLElement;
  readonly #values = new Map<string, HTMLElement>();

  constructor() {
    this.root = element("dl", { className: "numbers" });
    for (const name of ["used", "idle", "connecting", "waiting", "max"]) {
      const value = element("dd", { text: "0" });
      this.#values.set(name, value);
      const label = element("dt", {}, element("span", { className: `key ${name}` }), name);
      this.root.append(element("div", { className: name }, label, value));
    }
  }

  update(pool: PoolView): void {
    const { used, idle, connecting, waiting, max } = pool;
    for (const [name, number] of Object.entries({ used, idle, connecting, waiting, max })) {
      const value = number ?? 0;
      const shown = this.#values.get(name);
      if (shown === undefined) continue;
      shown.textContent = String(value);
      shown.parentElement?.classList.toggle("zero", value === 0);
    }
  }
}

function waiterItem({ holder, forMillis }: WaiterView): HTMLElement {
  return element(
    "li",
    { className: "waiter" },
    element("span", { className: "state", text: "waiting" }),
    element("span", { className: "age", text: formatDuration(forMillis) }),
    element("span", { text: holder.label }),
    element("code", { className: "statement", text: holder.statement ?? "" }),
  );
}

/** One pool: its numbers, its recent past, a lane for each slot, and who waits. */
export class PoolSection {
  readonly root: HTMLElement;
  readonly #actions: LaneActions;
  readonly #target = element("span", { className: "target" });
  readonly #numbers = new Numbers();
  readonly #chart = element("canvas", { attributes: { "aria-hidden": "true" } });
  readonly #laneList = element("ol", { className: "lanes" });
  readonly #waiterList = element("ol", { className: "waiters" });
  readonly #lanes = new Map<number, LaneRow>();

  constructor(name: string, actions: LaneActions) {
    this.#actions = actions;
    this.root = element(
      "section",
      { className: "pool", attributes: { "aria-label": `Pool ${name}` } },
      element("header", {}, element("h2", { text: name }), this.#target, this.#numbers.root),
      element("div", { className: "chart" }, this.#chart),
      this.#laneList,
      element(
        "div",
        { className: "axis", attributes: { "aria-hidden": "true" } },
        element("span", { text: "2 min ago" }),
        element("span", { text: "1 min ago" }),
        element("span", { text: "now" }),
      ),
      this.#waiterList,
    );
  }

  update(history: PoolHistory, frame: Frame): void {
    const { pool, samples } = history;
    this.#target.textContent = pool.target ?? "";
    this.#numbers.update(pool);
    const slots = new Map(pool.slots.map((slot) => [slotNumber(slot.id), slot]));
    const numbers = laneNumbers(samples, [...slots.keys()]);
    this.#placeLanes(numbers);
    for (const number of numbers) this.#lanes.get(number)?.update(slots.get(number) ?? null);
    this.#waiterList.replaceChildren(...pool.waiters.map(waiterItem));
    drawStripChart(this.#chart, history, frame);
    for (const number of numbers) {
      this.#lanes.get(number)?.draw(laneSegments(samples, number, frame.now), frame);
    }
  }

  #placeLanes(numbers: readonly number[]): void {
    for (const [number, lane] of this.#lanes) {
      if (numbers.includes(number)) continue;
      lane.root.remove();
      this.#lanes.delete(number);
    }
    for (const number of numbers) {
      if (this.#lanes.has(number)) continue;
      const lane = new LaneRow(number, this.#actions);
      this.#lanes.set(number, lane);
      this.#laneList.append(lane.root);
    }
  }
}
