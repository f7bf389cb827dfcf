import type { PoolView, UseDetails } from "../../shared/protocol/pool.ts";
import { WAIT_BOUNDS } from "../../shared/protocol/pool.ts";
import { element } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";
import { DetailsPanel } from "./details-panel.ts";
import { eventsOf } from "./events.ts";
import { EventsList } from "./events-list.ts";
import type { LaneActions } from "./lane-row.ts";
import { type LaneStore, StoredLane } from "./lane-store.ts";
import { LanesTable } from "./lanes-table.ts";
import { AREA_LEGEND, LANE_LEGEND, legend } from "./legend.ts";
import { asItWas, NumbersBar } from "./numbers-bar.ts";
import { OriginChip, poolName } from "./origin-chip.ts";
import type { CellStore } from "./series-store.ts";
import { drawArea } from "./strip-area.ts";
import { drawAxis } from "./strip-axis.ts";
import { drawHeat, HEAT_LABELS } from "./strip-heat.ts";
import { drawQueue } from "./strip-queue.ts";
import { TimelineInput } from "./timeline-input.ts";
import { livesWithin, TimelineView } from "./timeline-view.ts";
import { type UseInView, Uses } from "./uses.ts";
import type { Viewport } from "./viewport.ts";
import { WaitersList } from "./waiters-list.ts";

const NO_CONNECTION = l10n.t("No connection is open. The first statement that runs opens one.");
const NO_SPANS = l10n.t(
  "This program reports numbers, but no spans of connections. A pool of Rockpool with tracing shows a lane for each connection here.",
);

/** What all panes share. */
export interface PaneParts {
  readonly viewport: Viewport;
  readonly store: LaneStore;
  readonly cells: (pool: string) => CellStore;
  readonly actions: LaneActions & { details(lane: number, acquired: number): void };
  readonly onDirty: () => void;
}

function strip(
  className: string,
  { label, beside = null }: { label: string; beside?: Node | null },
  ...children: Node[]
): HTMLElement {
  return element(
    "div",
    { className: `strip ${className}` },
    element("span", { className: "label", text: label }),
    element("div", { className: "track" }, ...children),
    beside,
  );
}

function canvas(name: string): HTMLCanvasElement {
  return element("canvas", { attributes: { role: "img", "aria-label": name } });
}

/** Everything of one pool: its numbers, strips of its past, a lane for each connection, who waited, and what happened. */
export class PoolPane {
  readonly root: HTMLElement;
  readonly timeline: TimelineView;
  readonly #parts: PaneParts;
  readonly #uses: Uses;
  readonly #title = element("h2", {});
  readonly #origin = new OriginChip();
  readonly #numbers = new NumbersBar();
  readonly #area = canvas(l10n.t("Connections in use, idle and connecting over time, and callers that wait"));
  readonly #heat = canvas(l10n.t("How long acquires took over time"));
  readonly #queue = canvas(l10n.t("Callers that waited, over time"));
  readonly #axis = canvas(l10n.t("Time"));
  readonly #waiters: WaitersList;
  readonly #queueStrip: HTMLElement;
  /** Connections that are being opened, of which no span has told yet. */
  readonly #opening = new Map<string, StoredLane>();
  readonly #events: EventsList;
  readonly #details: DetailsPanel;
  readonly #table: LanesTable;
  readonly #asNow = element("span", { className: "as-now", text: l10n.t("↑ as it is now") });
  readonly #noLanes = element("p", {
    className: "hint no-lanes",
    text: NO_SPANS,
  });
  #pool: PoolView;
  #isTable = false;

  constructor(pool: PoolView, parts: PaneParts) {
    this.#pool = pool;
    this.#parts = parts;
    const { viewport, store, actions, onDirty } = parts;
    this.#uses = new Uses(store);
    this.#details = new DetailsPanel(actions);
    this.#table = new LanesTable(this.#uses, actions);
    this.#waiters = new WaitersList(actions.open);
    this.#queueStrip = strip("queue", { label: l10n.t("queue"), beside: this.#waiters.root }, this.#queue);
    this.#events = new EventsList(({ at }) => {
      const range = Math.min(viewport.range, 10_000);
      viewport.show({ from: at - range * 0.7, to: at + range * 0.3 });
    });
    this.timeline = new TimelineView({
      viewport,
      uses: this.#uses,
      actions,
      onSelect: () => this.#showSelected(),
      onDirty,
    });
    const strips = element(
      "div",
      { className: "strips" },
      strip("area", { label: l10n.t("open"), beside: legend(AREA_LEGEND) }, this.#area),
      strip("heat", { label: l10n.t("wait"), beside: legend(LANE_LEGEND) }, heatScale(), this.#heat),
      this.timeline.root,
      this.#noLanes,
      this.#queueStrip,
      strip("axis", { label: "", beside: this.#asNow }, this.#axis),
    );
    const { open } = actions;
    new TimelineInput({ surface: strips, view: this.timeline, viewport, uses: this.#uses, open });
    this.root = element(
      "article",
      { className: "pane", attributes: { "aria-label": l10n.t("Pool {0}", poolName(pool)) } },
      element("header", { className: "pane-head" }, this.#title, this.#origin.root, this.#numbers.root),
      element(
        "div",
        { className: "pane-body" },
        element("div", { className: "pane-main" }, strips, this.#table.root),
        element("aside", { className: "pane-side" }, this.#details.root, this.#events.root),
      ),
    );
    this.update(pool);
    this.showAsTable(false);
  }

  get key(): string {
    return this.#pool.key;
  }

  showAsTable(isTable: boolean): void {
    this.#isTable = isTable;
    this.root.classList.toggle("as-table", isTable);
    this.refresh();
  }

  /** What the pool is now. */
  update(pool: PoolView): void {
    this.#pool = pool;
    const name = poolName(pool);
    if (this.#title.textContent !== name) this.#title.textContent = name;
    this.#title.title = name;
    this.#origin.update(pool, this.#parts.viewport.now);
    this.root.classList.toggle("stale", pool.origin.kind === "program" && pool.origin.isStale);
  }

  /** Shows the lanes that were there within the time that is shown. */
  refreshLanes(): void {
    const { viewport, store } = this.#parts;
    const { span } = viewport;
    const told = store.ofPool(this.#pool.key).lanes;
    const alive = [...told, ...this.#openingBeside(told)].filter((lane) => livesWithin(lane, span));
    this.timeline.update(alive, this.#pool);
    this.#waiters.update(this.#pool);
    this.#asNow.hidden = viewport.isLive;
    this.root.classList.toggle("laneless", alive.length === 0);
    this.#noLanes.hidden = alive.length > 0;
    const isOwn = this.#pool.origin.kind === "own";
    this.#noLanes.textContent = isOwn ? NO_CONNECTION : NO_SPANS;
    this.timeline.root.hidden = alive.length === 0;
  }

  /** Draws the words anew: rows, tables, numbers and events. */
  refresh(): void {
    this.refreshLanes();
    const { viewport, store } = this.#parts;
    const { span, now, isLive } = viewport;
    const { lanes, queue } = store.ofPool(this.#pool.key);
    const cells = this.#parts.cells(this.#pool.key);
    this.#numbers.update(isLive ? this.#pool : asItWas(this.#pool, cells, span.to), cells, span);
    const isTold = this.#pool.origin.kind === "own" || lanes.length > 0 || queue !== null;
    this.#events.update(isTold ? eventsOf(store, { lanes, queue }, span) : null);
    if (this.#isTable) this.#table.update({ lanes: this.timeline.lanes, pool: this.#pool, span, now });
    if (this.#selectedUse()?.end === null) this.#showSelected();
  }

  /** Draws the pictures anew. */
  draw(): void {
    if (this.#isTable) return;
    const { viewport, store } = this.#parts;
    const { span, now, isLive } = viewport;
    const cells = this.#parts.cells(this.#pool.key);
    const { queue } = store.ofPool(this.#pool.key);
    drawArea(this.#area, cells, span);
    drawHeat(this.#heat, cells, span);
    this.timeline.draw();
    const present = this.#pool.waiters.map(({ forMillis }) => ({ start: now - forMillis, end: now }));
    const waits = drawQueue(this.#queue, this.timeline.lanes, { span, queue, present });
    this.#queueStrip.classList.toggle("calm", waits === 0);
    // The present has moved on since the span was read.
    drawAxis(this.#axis, span, isLive ? span.to : null);
  }

  trace(details: UseDetails): void {
    this.#details.trace(details, this.#parts.viewport.now);
  }

  forgetPalette(): void {
    this.timeline.canvas.forgetPalette();
  }

  /** A connect is told by its span when it is over; until then the pool itself tells of it. */
  #openingBeside(told: readonly StoredLane[]): readonly StoredLane[] {
    const known = new Set(told.map(({ head }) => head.connectionId));
    const { now } = this.#parts.viewport;
    const opening = this.#pool.slots.filter(({ id, state }) => state === "connecting" && !known.has(id));
    const wanted = new Set(opening.map(({ id }) => id));
    for (const id of this.#opening.keys()) if (!wanted.has(id)) this.#opening.delete(id);
    for (const { id, forMillis } of opening) {
      const opened = { start: now - forMillis, end: now, reason: null };
      const head = { id: -1, pool: this.#pool.key, connectionId: id, backendPid: null, opened, closed: null };
      const lane = this.#opening.get(id);
      if (lane === undefined) this.#opening.set(id, new StoredLane(head));
      else lane.head = { ...head, opened: { ...opened, start: lane.head.opened?.start ?? opened.start } };
    }
    return [...this.#opening.values()];
  }

  #selectedUse(): UseInView | null {
    const ref = this.timeline.selected;
    return ref === null ? null : this.#uses.at(ref.lane, ref.index);
  }

  #showSelected(): void {
    const use = this.#selectedUse();
    const isPresent = use !== null && use.end === null;
    const slot = isPresent ? this.#slotOf(use.lane) : null;
    this.#details.show(use, slot, this.#parts.viewport.now);
    if (use !== null && use.end !== null) this.#parts.actions.details(use.lane.head.id, use.start);
  }

  #slotOf(lane: StoredLane): PoolView["slots"][number] | null {
    return this.#pool.slots.find(({ id }) => id === lane.head.connectionId) ?? null;
  }
}

function heatScale(): HTMLElement {
  const marks = HEAT_LABELS.map(({ bucket, text }) => {
    const mark = element("span", { text });
    mark.style.bottom = `${((bucket + 1) / (WAIT_BOUNDS.length + 1)) * 100}%`;
    return mark;
  });
  return element("div", { className: "scale", attributes: { "aria-hidden": "true" } }, ...marks);
}
