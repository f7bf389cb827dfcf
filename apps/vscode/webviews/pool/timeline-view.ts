import type { PoolView } from "../../shared/protocol/pool.ts";
import { element } from "../shared/dom.ts";
import { formatDuration } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";
import { type LaneActions, LaneRow } from "./lane-row.ts";
import type { StoredLane } from "./lane-store.ts";
import { type Outline, ROW_HEIGHT, TimelineCanvas } from "./timeline-canvas.ts";
import { heldText, useSentence, useTitle } from "./use-text.ts";
import { placeText, type UseInView, type Uses } from "./uses.ts";
import type { Span, Viewport } from "./viewport.ts";

/** A use that is pointed at or selected. */
export interface UseRef {
  readonly lane: StoredLane;
  readonly index: number;
}

/** What a timeline needs to know and to tell. */
export interface TimelineParts {
  readonly viewport: Viewport;
  readonly uses: Uses;
  readonly actions: LaneActions;
  /** Another use is selected, or none. */
  readonly onSelect: (use: UseRef | null) => void;
  /** Something looks different now. */
  readonly onDirty: () => void;
}

const HELP = l10n.t(
  "Slot timeline. Up and down: connections. Left and right: their uses. Enter: go to the source. Plus and minus: zoom. Space: pause. Escape: back to now.",
);

/** One lane for each connection of a pool: rows of words with a picture of the past between them. */
export class TimelineView {
  readonly root: HTMLElement;
  readonly scroller: HTMLElement;
  readonly canvas: TimelineCanvas;
  readonly #parts: TimelineParts;
  readonly #rows = new Map<StoredLane, LaneRow>();
  readonly #list = element("ol", { className: "rows" });
  readonly #live = element("p", { className: "sr-only", attributes: { "aria-live": "polite" } });
  #lanes: readonly StoredLane[] = [];
  #selected: UseRef | null = null;
  #hovered: UseRef | null = null;

  constructor(parts: TimelineParts) {
    this.#parts = parts;
    const canvas = element("canvas", { className: "lanes", attributes: { "aria-hidden": "true" } });
    this.canvas = new TimelineCanvas(canvas);
    this.scroller = element(
      "div",
      {
        className: "scroller",
        attributes: {
          tabindex: "0",
          role: "group",
          "aria-roledescription": l10n.t("timeline"),
          "aria-label": HELP,
        },
      },
      element("div", { className: "picture" }, canvas),
      this.#list,
    );
    this.scroller.addEventListener("scroll", () => parts.onDirty(), { passive: true });
    this.root = element("section", { className: "timeline" }, this.scroller, this.#live);
  }

  get lanes(): readonly StoredLane[] {
    return this.#lanes;
  }

  get selected(): UseRef | null {
    return this.#selected;
  }

  get hovered(): UseRef | null {
    return this.#hovered;
  }

  /** Shows these lanes, with what the pool says of them now. */
  update(lanes: readonly StoredLane[], pool: PoolView): void {
    this.#lanes = lanes;
    const slots = new Map(pool.slots.map((slot) => [slot.id, slot]));
    const rows = lanes.map((lane) => {
      const row = this.#rows.get(lane) ?? new LaneRow(this.#parts.actions);
      this.#rows.set(lane, row);
      row.update(lane, slots.get(lane.head.connectionId ?? "") ?? null);
      return row.root;
    });
    const isSame =
      rows.length === this.#list.children.length && rows.every((row, at) => this.#list.children[at] === row);
    if (!isSame) this.#list.replaceChildren(...rows);
    for (const lane of this.#rows.keys()) if (!lanes.includes(lane)) this.#rows.delete(lane);
    if (this.#selected !== null && !lanes.includes(this.#selected.lane)) this.select(null);
  }

  draw(): void {
    const { span, now } = this.#parts.viewport;
    this.canvas.element.style.height = `${this.scroller.clientHeight}px`;
    const outlines = [this.#selected, this.#hovered].flatMap((ref) => this.#outlineOf(ref, now));
    this.canvas.draw(this.#lanes, { span, now, scrollTop: this.scroller.scrollTop, outlines });
  }

  select(ref: UseRef | null): void {
    this.#selected = ref;
    this.#parts.onSelect(ref);
    this.#parts.onDirty();
  }

  hover(ref: UseRef | null): void {
    if (ref?.lane === this.#hovered?.lane && ref?.index === this.#hovered?.index) return;
    this.#hovered = ref;
    this.#parts.onDirty();
  }

  /** Selects a use, brings it into sight and says what it is. */
  focus(ref: UseRef): void {
    const use = this.#parts.uses.at(ref.lane, ref.index);
    if (use === null) return;
    this.select(ref);
    this.#reveal(ref.lane, use);
    this.#live.textContent = useSentence(use, this.#parts.viewport.now);
  }

  /** The lane at a height of the page. */
  laneAt(clientY: number): StoredLane | null {
    const top = this.scroller.getBoundingClientRect().top;
    return this.#lanes[Math.floor((clientY - top + this.scroller.scrollTop) / ROW_HEIGHT)] ?? null;
  }

  /** The moment at a place of the page. */
  timeAt(clientX: number): number {
    const box = this.canvas.element.getBoundingClientRect();
    const { from, to } = this.#parts.viewport.span;
    return from + ((clientX - box.left) / box.width) * (to - from);
  }

  /** The use at a place of the page. */
  useAt(clientX: number, clientY: number): UseRef | null {
    const lane = this.laneAt(clientY);
    if (lane === null) return null;
    const { from, to } = this.#parts.viewport.span;
    const tolerance = (3 / this.canvas.element.clientWidth) * (to - from);
    const index = this.#parts.uses.indexAt(lane, this.timeAt(clientX), tolerance);
    return index === null ? null : { lane, index };
  }

  #outlineOf(ref: UseRef | null, now: number): Outline[] {
    const use = ref === null ? null : this.#parts.uses.at(ref.lane, ref.index);
    const row = ref === null ? -1 : this.#lanes.indexOf(ref.lane);
    return use === null || row === -1 ? [] : [{ row, start: use.start, end: use.end ?? now }];
  }

  #reveal(lane: StoredLane, { start, end }: UseInView): void {
    const top = this.#lanes.indexOf(lane) * ROW_HEIGHT;
    const { scrollTop, clientHeight } = this.scroller;
    if (top < scrollTop) this.scroller.scrollTop = top;
    else if (top + ROW_HEIGHT > scrollTop + clientHeight)
      this.scroller.scrollTop = top + ROW_HEIGHT - clientHeight;
    const { viewport } = this.#parts;
    const { from, to } = viewport.span;
    if (start >= from && (end ?? start) <= to) return;
    if (viewport.isLive && end === null) return;
    const range = to - from;
    const middle = (start + (end ?? start)) / 2;
    viewport.show({ from: middle - range / 2, to: middle + range / 2 });
  }
}

/** What a use says of itself where the pointer is. */
export function useTooltip(use: UseInView, now: number): HTMLElement {
  const [statement] = use.statements;
  const who = use.place === null ? null : placeText(use.place);
  const more = use.statements.length > 1 ? ` + ${use.statements.length - 1}` : "";
  return element(
    "div",
    {},
    element("strong", { text: useTitle(use) }),
    who === null ? null : element("span", { className: "who", text: who }),
    statement === undefined ? null : element("code", { text: `${statement.summary}${more}` }),
    element("span", { className: "how-long", text: `${heldText(use, now)} · ${waitText(use)}` }),
    use.isLeak ? element("span", { className: "leak", text: l10n.t("suspected leak") }) : null,
    use.failure === null ? null : element("span", { className: "failure", text: use.failure }),
  );
}

function waitText({ waitMillis }: UseInView): string {
  if (waitMillis < 0.05) return l10n.t("no wait");
  return l10n.t("waited {0}", formatDuration(waitMillis));
}

/** Whether a lane was there within a stretch of time. */
export function livesWithin(lane: StoredLane, { from, to }: Span): boolean {
  const { goneAt } = lane;
  return lane.bornAt <= to && (goneAt === null || goneAt >= from);
}
