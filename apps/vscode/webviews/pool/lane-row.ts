import type { SlotView } from "../../shared/protocol/pool.ts";
import { element, linkButton } from "../shared/dom.ts";
import { formatDuration } from "../shared/format.ts";
import type { LaneSegment } from "./lane-segments.ts";
import { openSurface, STATE_PAINT, timeScale } from "./paint.ts";

/** What can be done with a slot. */
export interface LaneActions {
  reveal(slotId: string): void;
  cancel(slotId: string): void;
  release(slotId: string): void;
}

const STATE_TEXT: Readonly<Record<SlotView["state"], string>> = {
  connecting: "connecting",
  idle: "idle",
  running: "running",
  kept: "kept",
  used: "used",
  cancelling: "cancelling",
  busy: "in the pool's hands",
  closing: "closing",
};

/** Why a slot is in its state, in a few words. */
function stateText(slot: SlotView): string {
  if (slot.isTransactionFailed) return "failed transaction";
  return slot.state === "kept" && slot.reasons.length > 0 ? slot.reasons.join(", ") : STATE_TEXT[slot.state];
}

/** One slot of the pool: its past as a lane, its present in words. */
export class LaneRow {
  readonly root: HTMLElement;
  readonly #canvas = element("canvas", { attributes: { "aria-hidden": "true" } });
  readonly #state = element("span", { className: "state" });
  readonly #age = element("span", { className: "age" });
  readonly #holder: HTMLButtonElement;
  readonly #action = element("button", { className: "action", attributes: { type: "button" } });
  readonly #statement = element("code", { className: "statement" });
  #slot: SlotView | null = null;

  constructor(number: number, actions: LaneActions) {
    this.#holder = linkButton("", () => this.#slot && actions.reveal(this.#slot.id), "Go to the statement");
    this.#action.addEventListener("click", () => {
      const slot = this.#slot;
      if (slot?.state === "running") actions.cancel(slot.id);
      else if (slot?.state === "kept") actions.release(slot.id);
    });
    this.root = element(
      "li",
      { className: "lane" },
      element("span", { className: "number", text: `#${number}` }),
      element("div", { className: "track" }, this.#canvas),
      element(
        "div",
        { className: "present" },
        this.#state,
        this.#age,
        this.#holder,
        this.#statement,
        this.#action,
      ),
    );
  }

  update(slot: SlotView | null): void {
    this.#slot = slot;
    const holder = slot?.holder ?? null;
    this.root.className = `lane ${slot === null ? "closed" : slot.state}${slot?.isTransactionFailed ? " failed" : ""}`;
    this.#state.textContent = slot === null ? "closed" : stateText(slot);
    this.#age.textContent = slot === null ? "" : formatDuration(Math.floor(slot.forMillis / 100) * 100 || 0);
    this.#holder.hidden = holder === null;
    this.#holder.textContent = holder === null ? "" : holder.label;
    this.#statement.textContent = holder?.statement ?? "";
    this.#statement.title = holder?.statement ?? "";
    this.#action.hidden = slot?.state !== "running" && slot?.state !== "kept";
    this.#action.textContent = slot?.state === "running" ? "Cancel" : "Release";
    this.root.title = slot?.backendPid ? `server process ${slot.backendPid}` : "";
  }

  draw(segments: readonly LaneSegment[], { now, windowMillis }: { now: number; windowMillis: number }): void {
    const surface = openSurface(this.#canvas);
    if (surface === null) return;
    const { context, width, height } = surface;
    const x = timeScale(width, now, windowMillis);
    for (const { state, from, to } of segments) {
      const paint = STATE_PAINT[state];
      const [left, right] = [Math.max(0, x(from)), x(to)];
      const thickness = height * paint.height;
      if (right <= 0) continue;
      context.fillStyle = surface.color(paint.color);
      context.globalAlpha = paint.alpha;
      context.beginPath();
      const drawnWidth = Math.max(1.5, right - left - 0.5);
      context.roundRect(left, (height - thickness) / 2, drawnWidth, thickness, Math.min(2.5, drawnWidth / 2));
      context.fill();
    }
    context.globalAlpha = 1;
  }
}
