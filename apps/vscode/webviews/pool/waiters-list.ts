import type { PlaceView, PoolView, WaiterView } from "../../shared/protocol/pool.ts";
import { element, linkButton } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";
import { ageText } from "./lane-label.ts";

const MOST_SHOWN = 2;

/** Who waits now, the longest first; only their number where no more is known. */
export class WaitersList {
  readonly root: HTMLElement = element("ul", {
    className: "waiters",
    attributes: { "aria-label": l10n.t("Waiting now") },
  });
  readonly #open: (place: PlaceView) => void;
  #shown = "";

  constructor(open: (place: PlaceView) => void) {
    this.#open = open;
  }

  update({ waiters, waiting }: PoolView): void {
    const shown = JSON.stringify([
      waiting,
      waiters.map(({ holder, forMillis }) => [holder, ageText(forMillis)]),
    ]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const items = waiters.slice(0, MOST_SHOWN).map((waiter) => this.#item(waiter));
    const rest = Math.max(0, (waiting ?? 0) - items.length);
    const more = items.length === 0 ? l10n.t("{0} waiting", rest) : l10n.t("and {0} more", rest);
    this.root.replaceChildren(
      ...items,
      ...(rest === 0 ? [] : [element("li", { className: "more", text: more })]),
    );
    this.root.hidden = this.root.childElementCount === 0;
  }

  #item({ holder, forMillis }: WaiterView): HTMLElement {
    const { place, label, statement } = holder;
    const who =
      place === null ? element("span", { text: label }) : linkButton(label, () => this.#open(place));
    return element(
      "li",
      {},
      element("span", { className: "state", text: l10n.t("waiting") }),
      element("span", { className: "age", text: ageText(forMillis) }),
      who,
      statement === null ? null : element("code", { className: "statement", text: statement }),
    );
  }
}
