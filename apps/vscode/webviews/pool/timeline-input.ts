import type { PlaceView } from "../../shared/protocol/pool.ts";
import { element } from "../shared/dom.ts";
import type { StoredLane } from "./lane-store.ts";
import { type TimelineView, useTooltip } from "./timeline-view.ts";
import type { Uses } from "./uses.ts";
import type { Viewport } from "./viewport.ts";

const ZOOM = 1.5;
const PAN = 0.2;
/** Below it a press is a click, not a brush. */
const MIN_BRUSH_PIXELS = 4;

/** Mouse and keys on the strips of one pool: hover, click, brush, zoom, pan and walk. */
export class TimelineInput {
  readonly #view: TimelineView;
  readonly #viewport: Viewport;
  readonly #uses: Uses;
  readonly #open: (place: PlaceView) => void;
  readonly #surface: HTMLElement;
  readonly #crosshair = element("div", { className: "crosshair", attributes: { hidden: "" } });
  readonly #brush = element("div", { className: "brush", attributes: { hidden: "" } });
  readonly #tooltip = element("div", {
    className: "tooltip",
    attributes: { hidden: "", "aria-hidden": "true" },
  });
  #brushFrom: number | null = null;

  /** @param parts.surface - what holds all strips, which share their horizontal place. */
  constructor(parts: {
    surface: HTMLElement;
    view: TimelineView;
    viewport: Viewport;
    uses: Uses;
    open: (place: PlaceView) => void;
  }) {
    this.#surface = parts.surface;
    this.#view = parts.view;
    this.#viewport = parts.viewport;
    this.#uses = parts.uses;
    this.#open = parts.open;
    parts.surface.append(this.#crosshair, this.#brush, this.#tooltip);
    this.#listen();
  }

  #listen(): void {
    const surface = this.#surface;
    surface.addEventListener("pointermove", (event) => this.#move(event));
    surface.addEventListener("pointerleave", () => this.#leave());
    surface.addEventListener("pointerdown", (event) => this.#down(event));
    surface.addEventListener("pointerup", (event) => this.#up(event));
    surface.addEventListener("pointercancel", () => this.#endBrush());
    surface.addEventListener("dblclick", (event) => {
      if (this.#isOnTrack(event)) this.#viewport.follow();
    });
    surface.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.#view.scroller.addEventListener("keydown", (event) => this.#key(event));
  }

  #isOnTrack({ clientX, target }: MouseEvent): boolean {
    const { left, right } = this.#view.canvas.element.getBoundingClientRect();
    const isControl = target instanceof Element && target.closest("button, a, input, select") !== null;
    return !isControl && clientX >= left && clientX <= right;
  }

  #isOnLanes({ clientY }: MouseEvent): boolean {
    const { top, bottom } = this.#view.scroller.getBoundingClientRect();
    return clientY >= top && clientY < bottom;
  }

  #move(event: PointerEvent): void {
    if (!this.#isOnTrack(event)) {
      this.#leave();
      return;
    }
    const { left } = this.#surface.getBoundingClientRect();
    this.#crosshair.hidden = false;
    this.#crosshair.style.left = `${event.clientX - left}px`;
    if (this.#brushFrom !== null) this.#drawBrush(event.clientX);
    this.#hover(event);
  }

  #hover(event: PointerEvent): void {
    const ref =
      this.#isOnLanes(event) && this.#brushFrom === null
        ? this.#view.useAt(event.clientX, event.clientY)
        : null;
    this.#view.hover(ref);
    const use = ref === null ? null : this.#uses.at(ref.lane, ref.index);
    this.#tooltip.hidden = use === null;
    if (use === null) return;
    this.#tooltip.replaceChildren(useTooltip(use, this.#viewport.now));
    const box = this.#surface.getBoundingClientRect();
    const width = this.#tooltip.offsetWidth;
    const x = Math.min(event.clientX - box.left + 14, box.width - width - 8);
    this.#tooltip.style.left = `${Math.max(4, x)}px`;
    const below = event.clientY + 18 + this.#tooltip.offsetHeight < window.innerHeight;
    const y = below
      ? event.clientY - box.top + 16
      : event.clientY - box.top - this.#tooltip.offsetHeight - 12;
    this.#tooltip.style.top = `${y}px`;
  }

  #leave(): void {
    this.#crosshair.hidden = true;
    this.#tooltip.hidden = true;
    this.#view.hover(null);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || !this.#isOnTrack(event)) return;
    this.#brushFrom = event.clientX;
    this.#surface.setPointerCapture(event.pointerId);
  }

  #up(event: PointerEvent): void {
    const from = this.#brushFrom;
    this.#endBrush();
    if (from === null) return;
    if (Math.abs(event.clientX - from) < MIN_BRUSH_PIXELS) {
      this.#click(event);
      return;
    }
    const [a, b] = [this.#view.timeAt(from), this.#view.timeAt(event.clientX)];
    this.#viewport.show({ from: Math.min(a, b), to: Math.max(a, b) });
  }

  #click(event: PointerEvent): void {
    if (!this.#isOnLanes(event)) return;
    const ref = this.#view.useAt(event.clientX, event.clientY);
    this.#view.select(ref);
    this.#go();
  }

  /** To the statement of the selected use, or to where it was acquired. */
  #go(): void {
    const { selected } = this.#view;
    const use = selected === null ? null : this.#uses.at(selected.lane, selected.index);
    const place = use?.place ?? use?.statements.find((statement) => statement.place !== null)?.place ?? null;
    if (place !== null) this.#open(place);
  }

  #drawBrush(clientX: number): void {
    const from = this.#brushFrom ?? clientX;
    const { left } = this.#surface.getBoundingClientRect();
    this.#brush.hidden = Math.abs(clientX - from) < MIN_BRUSH_PIXELS;
    this.#brush.style.left = `${Math.min(from, clientX) - left}px`;
    this.#brush.style.width = `${Math.abs(clientX - from)}px`;
  }

  #endBrush(): void {
    this.#brushFrom = null;
    this.#brush.hidden = true;
  }

  #wheel(event: WheelEvent): void {
    if (!this.#isOnTrack(event)) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.#viewport.zoom(Math.exp(event.deltaY / 300), this.#view.timeAt(event.clientX));
    } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      event.preventDefault();
      this.#viewport.pan((event.deltaX || event.deltaY) / 1_000);
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.target !== this.#view.scroller || event.ctrlKey || event.metaKey || event.altKey) return;
    const action = this.#actionOf(event);
    if (action === null) return;
    event.preventDefault();
    action();
  }

  #actionOf({ key, shiftKey }: KeyboardEvent): (() => void) | null {
    const { from, to } = this.#viewport.span;
    switch (key) {
      case "ArrowLeft":
        return shiftKey ? () => this.#viewport.pan(-PAN) : () => this.#walk(-1);
      case "ArrowRight":
        return shiftKey ? () => this.#viewport.pan(PAN) : () => this.#walk(1);
      case "ArrowUp":
        return () => this.#step(-1);
      case "ArrowDown":
        return () => this.#step(1);
      case "Home":
        return () => this.#jump("first");
      case "End":
        return () => this.#jump("last");
      case "Enter":
        return () => this.#go();
      case "+":
      case "=":
        return () => this.#viewport.zoom(1 / ZOOM, (from + to) / 2);
      case "-":
        return () => this.#viewport.zoom(ZOOM, (from + to) / 2);
      case " ":
        return () => this.#viewport.togglePause();
      case "Escape":
        return () => this.#escape();
      default:
        return null;
    }
  }

  #escape(): void {
    this.#view.select(null);
    this.#viewport.follow();
  }

  /** To the next or the last use of the lane. */
  #walk(by: number): void {
    const { selected } = this.#view;
    if (selected === null) this.#jump("last");
    else this.#view.focus({ lane: selected.lane, index: selected.index + by });
  }

  /** To the use of the lane above or below that was there at the same time. */
  #step(by: number): void {
    const { selected, lanes } = this.#view;
    if (selected === null) {
      this.#jump("last");
      return;
    }
    const lane = lanes[lanes.indexOf(selected.lane) + by];
    const time = this.#uses.at(selected.lane, selected.index)?.start ?? this.#viewport.now;
    const index = lane === undefined ? null : this.#uses.indexAt(lane, time, Number.POSITIVE_INFINITY);
    if (lane !== undefined && index !== null) this.#view.focus({ lane, index });
  }

  #jump(to: "first" | "last"): void {
    const lane = this.#view.selected?.lane ?? this.#firstUsed();
    if (lane === null) return;
    const { span } = this.#viewport;
    const { first, end } = this.#uses.range(lane, span.from, span.to);
    if (end > first) this.#view.focus({ lane, index: to === "first" ? first : end - 1 });
  }

  #firstUsed(): StoredLane | null {
    return this.#view.lanes.find((lane) => this.#uses.count(lane) > 0) ?? null;
  }
}
