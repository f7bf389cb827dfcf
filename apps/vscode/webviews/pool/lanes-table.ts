import type { PlaceView, PoolView, SlotAction } from "../../shared/protocol/pool.ts";
import { element, linkButton } from "../shared/dom.ts";
import { formatCount, formatDuration } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";
import { ageText, endText, slotAction, stateText } from "./lane-label.ts";
import type { StoredLane } from "./lane-store.ts";
import { clockText } from "./strip-axis.ts";
import { placeText, type UseInView, type Uses } from "./uses.ts";
import type { Span } from "./viewport.ts";

const PAGE = 50;

/** What the tables can ask for. */
export interface TableActions {
  open(place: PlaceView): void;
  act(action: SlotAction, slotId: string): void;
}

interface Tabled {
  readonly lanes: readonly StoredLane[];
  readonly pool: PoolView;
  readonly span: Span;
  readonly now: number;
}

/** The timeline as two tables: the connections, and the uses of the one that is chosen. */
export class LanesTable {
  readonly root: HTMLElement;
  readonly #uses: Uses;
  readonly #actions: TableActions;
  readonly #lanes = element("div", { className: "table-lanes" });
  readonly #waiters = element("div", { className: "table-waiters" });
  readonly #checkouts = element("div", { className: "table-uses", attributes: { "aria-live": "polite" } });
  #chosen: StoredLane | null = null;
  #page = 0;
  #view: Tabled | null = null;

  constructor(uses: Uses, actions: TableActions) {
    this.#uses = uses;
    this.#actions = actions;
    this.root = element(
      "section",
      { className: "tables", attributes: { "aria-label": l10n.t("Slot timeline as tables") } },
      this.#lanes,
      this.#waiters,
      this.#checkouts,
    );
    this.root.addEventListener("keydown", (event) => walkRows(event));
  }

  update(view: Tabled): void {
    this.#view = view;
    if (this.#chosen !== null && !view.lanes.includes(this.#chosen)) this.#chosen = null;
    this.#keepFocus(() => {
      this.#lanes.replaceChildren(this.#lanesTable(view));
      this.#waiters.replaceChildren(this.#waitersTable(view.pool));
      this.#drawUses();
    });
  }

  /** The tables are made anew with each look; who stands in one stays there. */
  #keepFocus(draw: () => void): void {
    const focused = document.activeElement;
    const key = this.root.contains(focused) ? focused?.getAttribute("data-key") : null;
    draw();
    if (key == null) return;
    for (const target of this.root.querySelectorAll("[data-key]")) {
      if (target.getAttribute("data-key") === key && target instanceof HTMLElement) target.focus();
    }
  }

  #lanesTable({ lanes, pool, span, now }: Tabled): HTMLElement {
    const slots = new Map(pool.slots.map((slot) => [slot.id, slot]));
    const rows = lanes.map((lane) => {
      const slot = slots.get(lane.head.connectionId ?? "") ?? null;
      const { first, end } = this.#uses.range(lane, span.from, span.to);
      const name = this.#lane(lane);
      const holder = slot?.holder ?? null;
      const open =
        holder === null || slot === null
          ? null
          : linkButton(holder.label, () => this.#actions.act("reveal", slot.id));
      open?.setAttribute("data-key", `holder ${lane.head.id}`);
      return element(
        "tr",
        lane === this.#chosen ? { className: "chosen" } : {},
        element("th", { attributes: { scope: "row" } }, name),
        cell(slot === null ? endText(lane) : stateText(slot)),
        cell(slot === null ? "" : ageText(slot.forMillis)),
        element("td", {}, open),
        cell(holder?.statement ?? ""),
        cell(formatCount(end - first)),
        cell(shareText(this.#share(lane, span, now))),
        cell(lane.head.backendPid === null ? "" : String(lane.head.backendPid)),
        element("td", {}, this.#action(slot)),
      );
    });
    const names = [
      l10n.t("Connection"),
      l10n.t("State"),
      l10n.t("Since"),
      l10n.t("Holder"),
      l10n.t("Statement"),
      l10n.t("Uses"),
      l10n.t("In use"),
      l10n.t("Process"),
      l10n.t("Action"),
    ];
    return table(l10n.t("Connections"), names, rows);
  }

  /** Who waits now, the longest first. */
  #waitersTable({ waiters, waiting }: PoolView): HTMLElement | string {
    const rows = waiters.map(({ holder, forMillis }, at): HTMLElement => {
      const { place } = holder;
      const who =
        place === null
          ? element("span", { text: holder.label })
          : linkButton(holder.label, () => this.#actions.open(place));
      who.setAttribute("data-key", `waiter ${at}`);
      return element(
        "tr",
        {},
        element("th", { text: String(at + 1), attributes: { scope: "row" } }),
        element("td", {}, who),
        cell(ageText(forMillis)),
        element("td", {}, element("code", { text: holder.statement ?? "" })),
      );
    });
    const unnamed = (waiting ?? 0) - rows.length;
    if (rows.length === 0)
      return unnamed > 0 ? element("p", { className: "hint", text: l10n.t("{0} waiting", unnamed) }) : "";
    if (unnamed > 0) rows.push(restRow(unnamed));
    const names = [l10n.t("Place"), l10n.t("Caller"), l10n.t("Waits for"), l10n.t("Statement")];
    return table(l10n.t("Waiting now"), names, rows);
  }

  #lane(lane: StoredLane): HTMLButtonElement {
    const button = linkButton(lane.head.connectionId ?? "", () => {
      this.#chosen = lane;
      this.#page = 0;
      if (this.#view !== null) this.update(this.#view);
    });
    button.setAttribute("data-key", `lane ${lane.head.id}`);
    button.setAttribute("aria-pressed", String(lane === this.#chosen));
    return button;
  }

  #action(slot: PoolView["slots"][number] | null): HTMLElement | null {
    const action = slotAction(slot);
    if (slot === null || action === null) return null;
    const attributes = { type: "button", "data-key": `action ${slot.id}` };
    return element("button", {
      className: "action",
      text: action.text,
      attributes,
      onClick: () => this.#actions.act(action.name, slot.id),
    });
  }

  #share(lane: StoredLane, span: Span, now: number): number {
    const { first, end } = this.#uses.range(lane, span.from, span.to);
    let held = 0;
    for (let index = first; index < end; index += 1) {
      const { use } = lane.tracks;
      const start = index < use.length ? use.start(index) : (lane.held?.acquired ?? now);
      const stop = index < use.length ? use.end(index) : now;
      held += Math.max(0, Math.min(stop, span.to) - Math.max(start, span.from));
    }
    const life =
      Math.min(span.to, lane.goneAt ?? span.to) - Math.max(span.from, Math.min(lane.bornAt, span.to));
    return life <= 0 ? 0 : held / life;
  }

  #drawUses(): void {
    const lane = this.#chosen;
    const view = this.#view;
    if (lane === null || view === null) {
      this.#checkouts.replaceChildren(
        element("p", {
          className: "hint",
          text: l10n.t("Choose a connection to list its uses, the newest first."),
        }),
      );
      return;
    }
    const { first, end } = this.#uses.range(lane, view.span.from, view.span.to);
    const pages = Math.max(1, Math.ceil((end - first) / PAGE));
    this.#page = Math.min(this.#page, pages - 1);
    const newest = end - 1 - this.#page * PAGE;
    const rows: HTMLElement[] = [];
    for (let index = newest; index >= Math.max(first, newest - PAGE + 1); index -= 1) {
      const use = this.#uses.at(lane, index);
      if (use !== null) rows.push(this.#useRow(use, view.now));
    }
    const names = [
      l10n.t("Use"),
      l10n.t("Acquired"),
      l10n.t("Waited"),
      l10n.t("Held"),
      l10n.t("Statements"),
      l10n.t("Caller"),
      l10n.t("Outcome"),
    ];
    this.#checkouts.replaceChildren(
      table(l10n.t("Uses of {0}", lane.head.connectionId ?? ""), names, rows),
      this.#pager(pages),
    );
  }

  #useRow(use: UseInView, now: number): HTMLElement {
    const { place } = use;
    const caller = place === null ? null : linkButton(placeText(place), () => this.#actions.open(place));
    caller?.setAttribute("data-key", `use ${use.start}`);
    const outcome = [
      use.isLeak ? l10n.t("suspected leak") : null,
      use.isInTransaction ? l10n.t("transaction") : null,
      use.isCancelled ? l10n.t("cancelled") : null,
      use.failure,
      use.discardReason === null ? null : l10n.t("closed: {0}", use.discardReason),
    ];
    return element(
      "tr",
      {},
      element("th", {
        text: use.useCount === null ? "–" : formatCount(use.useCount),
        attributes: { scope: "row" },
      }),
      cell(clockText(use.start, 1)),
      cell(formatDuration(use.waitMillis)),
      cell(
        use.end === null
          ? l10n.t("{0} so far", formatDuration(now - use.start))
          : formatDuration(use.end - use.start),
      ),
      cell(use.statements.map(({ summary }) => summary).join("; ")),
      element("td", {}, caller),
      cell(outcome.filter((part) => part !== null).join(", ")),
    );
  }

  #pager(pages: number): HTMLElement | string {
    if (pages === 1) return "";
    const go = (page: number) => (): void => {
      this.#page = Math.max(0, Math.min(pages - 1, page));
      this.#keepFocus(() => this.#drawUses());
    };
    const newer = linkButton(l10n.t("Newer"), go(this.#page - 1));
    const older = linkButton(l10n.t("Older"), go(this.#page + 1));
    newer.disabled = this.#page === 0;
    older.disabled = this.#page === pages - 1;
    newer.setAttribute("data-key", "newer");
    older.setAttribute("data-key", "older");
    return element(
      "p",
      { className: "pager" },
      newer,
      l10n.t("page {0} of {1}", this.#page + 1, pages),
      older,
    );
  }
}

function cell(text: string): HTMLElement {
  return element("td", { text });
}

/** Those who wait and of whom no more is known. */
function restRow(count: number): HTMLElement {
  const text = l10n.t("and {0} more", count);
  return element("tr", {}, element("td", { className: "hint", text, attributes: { colspan: "4" } }));
}

function shareText(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function table(caption: string, names: readonly string[], rows: readonly HTMLElement[]): HTMLElement {
  const heads = names.map((text) => element("th", { text, attributes: { scope: "col" } }));
  return element(
    "table",
    {},
    element("caption", { text: caption }),
    element("thead", {}, element("tr", {}, ...heads)),
    element("tbody", {}, ...rows),
  );
}

/** Up and down lead through what can be pressed in a column. */
function walkRows(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const here = event.target instanceof Element ? event.target.closest("tr") : null;
  const column = event.target instanceof Element ? event.target.closest("th, td") : null;
  if (here === null || column === null || here.parentElement === null) return;
  const rows = [...here.parentElement.children];
  const index = [...here.children].indexOf(column);
  const step = event.key === "ArrowDown" ? 1 : -1;
  for (let row = rows.indexOf(here) + step; row >= 0 && row < rows.length; row += step) {
    const target = rows[row]?.children[index]?.querySelector("button");
    if (target == null) continue;
    event.preventDefault();
    target.focus();
    return;
  }
}
