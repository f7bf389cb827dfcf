import type { PlaceView, SlotAction, SlotView, UseDetails } from "../../shared/protocol/pool.ts";
import { element, linkButton } from "../shared/dom.ts";
import { formatDuration } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";
import { slotAction } from "./lane-label.ts";
import { useFacts, useTitle } from "./use-text.ts";
import { placeText, type UseInView } from "./uses.ts";

/** What the panel can ask for. */
export interface DetailsActions {
  open(place: PlaceView): void;
  act(action: SlotAction, slotId: string): void;
}

const MOST_STATEMENTS = 50;

/** All that is known of one use: who, what, and how long. */
export class DetailsPanel {
  readonly root: HTMLElement;
  readonly #actions: DetailsActions;
  readonly #body = element("div", { className: "details-body" });
  #trace: UseDetails | null = null;
  #use: UseInView | null = null;

  constructor(actions: DetailsActions) {
    this.#actions = actions;
    this.root = element(
      "section",
      { className: "details", attributes: { "aria-label": l10n.t("Selected use") } },
      this.#body,
    );
    this.show(null, null, 0);
  }

  /** @param slot - of the connection, where the use is the one that it is in. */
  show(use: UseInView | null, slot: SlotView | null, now: number): void {
    const isOther = use?.lane !== this.#use?.lane || use?.start !== this.#use?.start;
    if (isOther) this.#trace = null;
    this.#use = use;
    if (use === null) {
      this.#body.replaceChildren(
        element("p", {
          className: "hint",
          text: l10n.t(
            "Click a bar, or walk the lanes with the arrow keys, to see who held a connection, what it ran and how long.",
          ),
        }),
      );
      return;
    }
    this.#body.replaceChildren(
      element("h3", { text: useTitle(use) }),
      this.#places(use, slot),
      this.#facts(use, slot, now),
      this.#statements(use),
    );
  }

  /** What the host has found out about the use. */
  trace(details: UseDetails, now: number): void {
    if (this.#use === null || this.#use.lane.head.id !== details.lane || this.#use.start !== details.acquired)
      return;
    this.#trace = details;
    this.show(this.#use, null, now);
  }

  #places({ place, lane }: UseInView, slot: SlotView | null): HTMLElement {
    const id = lane.head.connectionId ?? "";
    const action = slotAction(slot);
    return element(
      "div",
      { className: "places" },
      place === null
        ? null
        : linkButton(placeText(place), () => this.#actions.open(place), l10n.t("Go to the source")),
      action === null ? null : this.#button(action.text, () => this.#actions.act(action.name, id)),
      slot?.leak?.stack == null ? null : this.#button(l10n.t("Stack…"), () => this.#actions.act("stack", id)),
    );
  }

  #button(text: string, onClick: () => void): HTMLButtonElement {
    return element("button", { className: "action", text, attributes: { type: "button" }, onClick });
  }

  #facts(use: UseInView, slot: SlotView | null, now: number): HTMLElement {
    const facts = useFacts(use, now);
    if (slot?.server) {
      const { state, waitEvent } = slot.server;
      facts.push([l10n.t("Server says"), [state, waitEvent].filter(Boolean).join(", ")]);
    }
    const { caller = null, traceId = null } = this.#trace ?? slot?.holder ?? {};
    if (caller !== null) facts.unshift([l10n.t("Caller"), caller]);
    if (traceId !== null) facts.push([l10n.t("Trace"), traceId]);
    return element(
      "dl",
      {},
      ...facts.flatMap(([name, value]) => [element("dt", { text: name }), element("dd", { text: value })]),
    );
  }

  #statements({ statements, start }: UseInView): HTMLElement | string {
    if (statements.length === 0) return "";
    const rows = statements.slice(0, MOST_STATEMENTS).map((statement) => {
      const { place } = statement;
      const summary =
        place === null
          ? element("code", { text: statement.summary })
          : linkButton(statement.summary, () => this.#actions.open(place), placeText(place));
      const failure =
        statement.failure === null
          ? null
          : element("span", { className: "failure", text: statement.failure });
      return element(
        "tr",
        {},
        element("td", {}, summary, failure),
        element("td", { text: `+${formatDuration(Math.max(0, statement.start - start))}` }),
        element("td", { text: formatDuration(statement.end - statement.start) }),
      );
    });
    const head = element(
      "tr",
      {},
      element("th", { text: count(statements.length), attributes: { scope: "col" } }),
      element("th", { text: l10n.t("after"), attributes: { scope: "col" } }),
      element("th", { text: l10n.t("took"), attributes: { scope: "col" } }),
    );
    return element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
  }
}

function count(statements: number): string {
  return statements === 1 ? l10n.t("1 statement") : l10n.t("{0} statements", statements);
}
