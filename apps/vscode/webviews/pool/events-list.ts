import { element } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";
import { RovingList } from "../shared/roving.ts";
import { EVENT_KINDS, type EventKind, type PoolEventView } from "./events.ts";
import { clockText } from "./strip-axis.ts";

const MOST_SHOWN = 200;
const KIND_NAMES: Readonly<Record<EventKind, string>> = {
  connect: l10n.t("connect"),
  close: l10n.t("close"),
  timeout: l10n.t("timeout"),
  leak: l10n.t("leak"),
  error: l10n.t("error"),
};

/** What happened to a pool, the newest first, by kind. */
export class EventsList {
  readonly root: HTMLElement;
  readonly #list = element("ol", { className: "events-list" });
  readonly #roving = new RovingList(this.#list);
  readonly #hidden = new Set<EventKind>();
  readonly #counts = new Map<EventKind, HTMLElement>();
  readonly #onShow: (event: PoolEventView) => void;
  #events: readonly PoolEventView[] = [];
  #noneText = "";
  #shownKey = "";

  constructor(onShow: (event: PoolEventView) => void) {
    this.#onShow = onShow;
    const filter = element("div", {
      className: "filter",
      attributes: { role: "group", "aria-label": l10n.t("Kinds of events") },
    });
    for (const kind of EVENT_KINDS) filter.append(this.#chip(kind));
    this.root = element(
      "section",
      { className: "events", attributes: { "aria-label": l10n.t("Events") } },
      element("header", {}, element("h3", { text: l10n.t("Events") }), filter),
      this.#list,
    );
  }

  /** @param events - null where nobody tells of any. */
  update(events: readonly PoolEventView[] | null): void {
    this.#events = events ?? [];
    this.#noneText =
      events === null
        ? l10n.t("This program tells of no events.")
        : l10n.t("Nothing has happened in this time.");
    for (const kind of EVENT_KINDS) {
      const count = this.#events.filter((event) => event.kind === kind).length;
      const shown = this.#counts.get(kind);
      if (shown !== undefined) shown.textContent = String(count);
    }
    this.#draw();
  }

  #chip(kind: EventKind): HTMLElement {
    const count = element("span", { className: "count", text: "0" });
    this.#counts.set(kind, count);
    const chip = element(
      "button",
      {
        className: `chip ${kind}`,
        attributes: { type: "button", "aria-pressed": "true" },
        onClick: () => {
          if (this.#hidden.has(kind)) this.#hidden.delete(kind);
          else this.#hidden.add(kind);
          chip.setAttribute("aria-pressed", String(!this.#hidden.has(kind)));
          this.#draw();
        },
      },
      element("span", { className: "mark" }),
      `${KIND_NAMES[kind]} `,
      count,
    );
    return chip;
  }

  #draw(): void {
    const wanted = this.#events.filter(({ kind }) => !this.#hidden.has(kind)).slice(0, MOST_SHOWN);
    const key = wanted.map(({ at, text }) => `${at}${text}`).join() || this.#noneText;
    if (key === this.#shownKey && this.#list.childElementCount > 0) return;
    this.#shownKey = key;
    const focused = this.#list.contains(document.activeElement) ? document.activeElement?.textContent : null;
    const items = wanted.map((event) => this.#item(event));
    this.#list.replaceChildren(
      ...(items.length > 0 ? items : [element("li", { className: "none", text: this.#noneText })]),
    );
    this.#roving.refresh();
    // A list that is drawn anew must not take the place from under who reads it.
    if (focused === null) return;
    for (const button of this.#list.querySelectorAll("button"))
      if (button.textContent === focused) button.focus();
  }

  #item(event: PoolEventView): HTMLElement {
    return element(
      "li",
      { className: event.kind },
      element(
        "button",
        { attributes: { type: "button" }, title: event.text, onClick: () => this.#onShow(event) },
        element("span", { className: "mark", attributes: { "aria-hidden": "true" } }),
        element("time", { text: clockText(event.at, 1_000) }),
        element("span", { className: "kind", text: KIND_NAMES[event.kind] }),
        element("span", { className: "what", text: event.text }),
      ),
    );
  }
}
