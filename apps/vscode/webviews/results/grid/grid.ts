import type { Cell, CellRange, ColumnView } from "../../../shared/protocol/results.ts";
import { element } from "../../shared/dom.ts";
import { ColumnLayout } from "./column-layout.ts";
import { GridInput } from "./grid-input.ts";
import { GridSheet, HEADER_HEIGHT, ROW_HEIGHT } from "./grid-sheet.ts";
import { PageCache } from "./page-cache.ts";
import type { RowContext } from "./row-view.ts";
import { RowWindow } from "./row-window.ts";
import { type CellPosition, Selection } from "./selection.ts";

/** What the grid asks of its owner. */
export interface GridHost {
  requestRows(start: number, count: number): void;
  copy(range: CellRange, withHeaders: boolean): void;
  /** The active cell or the marked range has changed. */
  selected(): void;
  /** Opens the active cell's whole value. */
  open(): void;
  /** Something worth remembering has changed: scroll position, widths, selection. */
  changed(): void;
}

/** What is remembered of a grid while its view is hidden. */
export interface GridMemory {
  readonly scrollTop: number;
  readonly scrollLeft: number;
  readonly widths: readonly number[];
  readonly active: CellPosition;
  readonly anchor: CellPosition;
}

/**
 * A table of any height that draws only what shows.
 *
 * Rows come by page from the host; until a page is there its rows are drawn as pending. Exactly one element has tabindex 0: the
 * active cell, or the scroller while that cell is out of sight.
 */
export class Grid {
  readonly root: HTMLElement;
  readonly selection = new Selection();
  readonly scroller: HTMLElement;
  readonly #sheet = new GridSheet();
  readonly #host: GridHost;
  readonly #rows: RowWindow = new RowWindow(ROW_HEIGHT);
  readonly #cache: PageCache;
  readonly #layout: ColumnLayout;
  readonly #resize: ResizeObserver;
  readonly #columns: readonly ColumnView[];
  #nullText: string;
  #isFitted = false;
  #frame = 0;
  #memory: GridMemory | null;

  constructor(
    host: GridHost,
    options: {
      columns: readonly ColumnView[];
      nullText: string;
      charWidth: number;
      label: string;
      memory: GridMemory | null;
    },
  ) {
    this.#host = host;
    this.#columns = options.columns;
    this.#nullText = options.nullText;
    this.#memory = options.memory;
    this.#layout = new ColumnLayout(options.charWidth);
    this.#cache = new PageCache((start, count) => host.requestRows(start, count));
    this.scroller = element(
      "div",
      { className: "scroller", attributes: { tabindex: "0" } },
      this.#sheet.root,
    );
    this.root = gridElement(options.label, options.columns.length, this.scroller);
    this.#layout.fitAll(options.columns, []);
    new GridInput(this, host).attach();
    this.scroller.addEventListener("scroll", () => this.#scheduleDraw(), { passive: true });
    this.#resize = new ResizeObserver(() => this.#measure());
    this.#resize.observe(this.scroller);
  }

  get columns(): readonly ColumnView[] {
    return this.#columns;
  }

  get bounds(): { rowCount: number; columnCount: number; pageLength: number } {
    const { rowCount, pageLength } = this.#rows;
    return { rowCount, columnCount: this.#columns.length, pageLength };
  }

  get memory(): GridMemory {
    const { scrollTop, scrollLeft } = this.scroller;
    const { active, anchor } = this.selection;
    return { scrollTop, scrollLeft, widths: this.#layout.widths, active, anchor };
  }

  /** Takes a new row count; rows only ever grow at the end. */
  update(rowCount: number, nullText: string): void {
    const isChanged = nullText !== this.#nullText;
    this.#nullText = nullText;
    this.#rows.rowCount = rowCount;
    this.root.setAttribute("aria-rowcount", String(rowCount + 1));
    this.#cache.retry();
    this.#keepFocus(() => {
      if (isChanged) this.#sheet.clear();
      this.#measure();
    });
  }

  /** Takes rows that the host sent. */
  receive(start: number, rows: readonly (readonly Cell[])[]): void {
    this.#cache.receive(start, rows);
    if (!this.#isFitted && start === 0) this.#fitFirst();
    this.#keepFocus(() => {
      this.#sheet.dropRows(start, rows.length);
      this.#draw();
    });
  }

  /** The value of a cell, cut to what a grid shows; undefined while it is on its way. */
  valueAt({ row, column }: CellPosition): Cell | undefined {
    const cells = this.#cache.row(row);
    return cells === null ? undefined : (cells[column] ?? null);
  }

  /** Moves the active cell, brings it into view and gives it the focus. */
  moveTo(position: CellPosition, extend: "extend" | "replace"): void {
    this.selection.moveTo(position, extend);
    this.#reveal(position);
    this.#draw();
    this.focus();
    this.#announce();
  }

  /** Marks a rectangle without scrolling. */
  mark(first: CellPosition, last: CellPosition): void {
    this.selection.mark(first, last);
    this.#draw();
    this.focus();
    this.#announce();
  }

  /** Extends the range while the pointer drags. */
  dragTo(position: CellPosition): void {
    this.selection.moveTo(position, "extend");
    this.#paint();
    this.#announce();
  }

  /** Brings the active cell into view, as after the view has become narrower. */
  revealActive(): void {
    this.#measure();
    this.#reveal(this.selection.active);
    this.#draw();
  }

  focus(): void {
    (this.#sheet.cellAt(this.selection.active) ?? this.scroller).focus({ preventScroll: true });
  }

  resizeColumn(column: number, width: number): void {
    this.#layout.resize(column, width);
    this.#redrawColumns();
  }

  widthOf(column: number): number {
    return this.#layout.width(column);
  }

  /** Fits a column to what is at hand of it. */
  fitColumn(column: number): void {
    const view = this.#columns[column];
    if (view !== undefined) this.#layout.fit(view, column, this.#cache.sample);
    this.#redrawColumns();
  }

  dispose(): void {
    this.#resize.disconnect();
    cancelAnimationFrame(this.#frame);
    this.root.remove();
  }

  get #gutterWidth(): number {
    return 20 + 8 * Math.max(2, String(this.#rows.rowCount.toLocaleString("en-US")).length);
  }

  #announce(): void {
    this.#host.selected();
    this.#host.changed();
  }

  #fitFirst(): void {
    this.#isFitted = true;
    this.#layout.fitAll(this.#columns, this.#cache.sample);
    const memory = this.#memory;
    if (memory !== null && memory.widths.length === this.#columns.length) {
      this.#layout.restore(memory.widths);
      this.selection.mark(memory.active, memory.anchor);
    }
    this.#redrawColumns();
    if (memory !== null) this.scroller.scrollTo(memory.scrollLeft, memory.scrollTop);
    this.#memory = null;
    this.#host.selected();
  }

  #redrawColumns(): void {
    this.#sheet.clear();
    this.#measure();
    this.#host.changed();
  }

  #measure(): void {
    this.#rows.viewHeight = Math.max(0, this.scroller.clientHeight - HEADER_HEIGHT);
    this.#sheet.resize(this.#gutterWidth + this.#layout.totalWidth, this.#rows.canvasHeight);
    this.#draw();
  }

  #scheduleDraw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
      this.#host.changed();
    });
  }

  /** A cell that is redrawn or scrolls out of sight must not take the focus with it. */
  #keepFocus(change: () => void): void {
    const hadFocus = this.root.contains(document.activeElement);
    change();
    const isLost = !this.root.contains(document.activeElement) || document.activeElement === this.scroller;
    if (hadFocus && isLost) this.focus();
  }

  #draw(): void {
    if (this.scroller.clientHeight > 0) this.#keepFocus(() => this.#drawVisible());
  }

  #drawVisible(): void {
    const { scrollTop, scrollLeft, clientWidth } = this.scroller;
    const columns = this.#layout.between(scrollLeft, scrollLeft + clientWidth - this.#gutterWidth);
    const rows = this.#rows.at(scrollTop);
    if (rows.last >= rows.first) this.#cache.require(rows.first, rows.last, this.#rows.rowCount);
    this.#sheet.draw({ ...rows, columns }, this.#context, (index) => this.#cache.row(index));
    this.#paint();
  }

  #paint(): void {
    this.#sheet.paint(this.selection);
    this.scroller.tabIndex = this.#sheet.cellAt(this.selection.active) === null ? 0 : -1;
  }

  get #context(): RowContext {
    return {
      columns: this.#columns,
      layout: this.#layout,
      gutterWidth: this.#gutterWidth,
      nullText: this.#nullText,
    };
  }

  #reveal({ row, column }: CellPosition): void {
    const { scroller } = this;
    scroller.scrollTop = this.#rows.scrollTopFor(row, scroller.scrollTop);
    const left = this.#layout.left(column);
    const right = left + this.#layout.width(column);
    const viewWidth = scroller.clientWidth - this.#gutterWidth;
    if (left < scroller.scrollLeft) scroller.scrollLeft = left;
    else if (right > scroller.scrollLeft + viewWidth) scroller.scrollLeft = Math.min(left, right - viewWidth);
  }
}

function gridElement(label: string, columnCount: number, scroller: HTMLElement): HTMLElement {
  const attributes = {
    role: "grid",
    "aria-label": label,
    "aria-multiselectable": "true",
    "aria-readonly": "true",
    "aria-colcount": String(columnCount + 1),
    "data-vscode-context": '{"webviewSection":"grid","preventDefaultContextMenuItems":true}',
  };
  return element("div", { className: "grid", attributes }, scroller);
}
