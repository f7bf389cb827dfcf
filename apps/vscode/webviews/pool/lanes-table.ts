import type { PlaceView, PoolView } from "../../shared/protocol/pool.ts";
import { element, linkButton } from "../shared/dom.ts";
import { formatCount, formatDuration } from "../shared/format.ts";
import { ageText, endText, stateText } from "./lane-label.ts";
import type { StoredLane } from "./lane-store.ts";
import { clockText } from "./strip-axis.ts";
import { placeText, type UseInView, type Uses } from "./uses.ts";
import type { Span } from "./viewport.ts";

const PAGE = 50;

/** What the tables can ask for. */
export interface TableActions {
  open(place: PlaceView): void;
  act(action: "reveal" | "cancel" | "release", slotId: string): void;
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
  readonly #checkouts = element("div", { className: "table-uses", attributes: { "aria-live": "polite" } });
  #chosen: StoredLane | null = null;
  #page = 0;
  #view: Tabled | null = null;

  constructor(uses: Uses, actions: TableActions) {
    this.#uses = uses;
    this.#actions = actions;
    this.root = element(
      "section",
      { className: "tables", attributes: { "aria-label": "Slot timeline as tables" } },
      this.#lanes,
      this.#checkouts,
    );
    this.root.addEventListener("keydown", (event) => walkRows(event));
  }

  update(view: Tabled): void {
    this.#view = view;
    if (this.#chosen !== null && !view.lanes.includes(this.#chosen)) this.#chosen = null;
    this.#keepFocus(() => {
      this.#lanes.replaceChildren(this.#lanesTable(view));
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
      "Connection",
      "State",
      "Since",
      "Holder",
      "Statement",
      "Uses",
      "In use",
      "Process",
      "Action",
    ];
    return table("Connections", names, rows);
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
    if (slot === null || slot.holder?.place?.path.includes(":") !== true) return null;
    const verb = slot.state === "running" ? "cancel" : slot.state === "kept" ? "release" : null;
    if (verb === null) return null;
    const text = verb === "cancel" ? "Cancel" : "Release";
    const attributes = { type: "button", "data-key": `action ${slot.id}` };
    return element("button", {
      className: "action",
      text,
      attributes,
      onClick: () => this.#actions.act(verb, slot.id),
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
        element("p", { className: "hint", text: "Choose a connection to list its uses, the newest first." }),
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
    const names = ["Use", "Acquired", "Waited", "Held", "Statements", "Caller", "Outcome"];
    this.#checkouts.replaceChildren(
      table(`Uses of ${lane.head.connectionId}`, names, rows),
      this.#pager(pages),
    );
  }

  #useRow(use: UseInView, now: number): HTMLElement {
    const { place } = use;
    const caller = place === null ? null : linkButton(placeText(place), () => this.#actions.open(place));
    caller?.setAttribute("data-key", `use ${use.start}`);
    const outcome = [
      use.isLeak ? "suspected leak" : null,
      use.isInTransaction ? "transaction" : null,
      use.isCancelled ? "cancelled" : null,
      use.failure,
      use.discardReason === null ? null : `closed: ${use.discardReason}`,
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
        use.end === null ? `${formatDuration(now - use.start)} so far` : formatDuration(use.end - use.start),
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
    const newer = linkButton("Newer", go(this.#page - 1));
    const older = linkButton("Older", go(this.#page + 1));
    newer.disabled = this.#page === 0;
    older.disabled = this.#page === pages - 1;
    newer.setAttribute("data-key", "newer");
    older.setAttribute("data-key", "older");
    return element("p", { className: "pager" }, newer, `page ${this.#page + 1} of ${pages}`, older);
  }
}

function cell(text: string): HTMLElement {
  return element("td", { text });
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
