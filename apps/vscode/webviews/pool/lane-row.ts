import type { PlaceView, SlotAction, SlotView } from "../../shared/protocol/pool.ts";
import { element, linkButton } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";
import { ageText, endText, slotAction, stateClass, stateText } from "./lane-label.ts";
import { numberOf, type StoredLane } from "./lane-store.ts";

/** What can be done from a lane. */
export interface LaneActions {
  act(action: SlotAction, slotId: string): void;
  open(place: PlaceView): void;
}

/** One connection beside its lane: its number, and its present in words. */
export class LaneRow {
  readonly root: HTMLElement;
  readonly #number = element("span", { className: "number" });
  readonly #state = element("span", { className: "state" });
  readonly #age = element("span", { className: "age" });
  readonly #holder: HTMLButtonElement;
  readonly #statement = element("code", { className: "statement" });
  readonly #action = element("button", { className: "action", attributes: { type: "button" } });
  #slot: SlotView | null = null;

  constructor(actions: LaneActions) {
    this.#holder = linkButton("", () => this.#slot && actions.act("reveal", this.#slot.id));
    this.#action.addEventListener("click", () => {
      const action = slotAction(this.#slot);
      if (this.#slot !== null && action !== null) actions.act(action.name, this.#slot.id);
    });
    this.root = element(
      "li",
      { className: "row" },
      element("span", { className: "label" }, this.#number),
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

  update(lane: StoredLane, slot: SlotView | null): void {
    this.#slot = slot;
    const holder = slot?.holder ?? null;
    this.root.className = `row ${stateClass(slot)}`;
    setText(this.#number, `#${numberOf(lane.head.connectionId)}`);
    setText(this.#state, slot === null ? endText(lane) : stateText(slot));
    setText(this.#age, slot === null ? "" : ageText(slot.forMillis));
    this.#holder.hidden = holder === null;
    setText(this.#holder, holder?.label ?? "");
    setText(this.#statement, holder?.statement ?? "");
    const action = slotAction(slot);
    this.#action.hidden = action === null;
    setText(this.#action, action?.text ?? "");
    const pid = lane.head.backendPid;
    this.root.title = pid === null ? "" : l10n.t("server process {0}", pid);
  }
}

/** Text that stays is left alone, so that a selection in it does too. */
function setText(target: HTMLElement, text: string): void {
  if (target.textContent === text) return;
  target.textContent = text;
  target.title = text;
}
