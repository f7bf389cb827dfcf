import type { Cell, ResultView } from "../../../shared/protocol/results.ts";
import { element } from "../../shared/dom.ts";
import { l10n } from "../../shared/l10n.ts";
import { ColumnLayout } from "./column-layout.ts";
import type { GridHost, GridMemory } from "./grid-host.ts";
import { GridInput } from "./grid-input.ts";
import { GridSheet, gridElement } from "./grid-sheet.ts";
import { GridViewport } from "./grid-viewport.ts";
import { PageCache } from "./page-cache.ts";
import type { RowContext } from "./row-view.ts";
import { type CellPosition, Selection } from "./selection.ts";

/**
 * A table of any height and width that draws only what shows.
 *
 * Rows come by part from the host; until a part is there its cells are drawn as pending. Exactly one element has tabindex 0: the
 * active cell, the header that has the focus, or the scroller while that cell is out of sight.
 */
export class Grid {
  readonly root: HTMLElement;
  readonly selection = new Selection();
  readonly scroller: HTMLElement;
  readonly #sheet = new GridSheet();
  readonly #host: GridHost;
  readonly #viewport: GridViewport;
  readonly #cache: PageCache;
  readonly #layout: ColumnLayout;
  readonly #resize: ResizeObserver;
  #result: ResultView;
  #look: { nullText: string; blanks: "plain" | "marked"; needle: string | null };
  #header: number | null = null;
  #isFitted = false;
  #drawnGutter = 0;
  #hasDrawn = false;
  #frame = 0;
  #memory: GridMemory | null;

  constructor(
    host: GridHost,
    options: {
      result: ResultView;
      nullText: string;
      charWidth: number;
      label: string;
      memory: GridMemory | null;
    },
  ) {
    const { columns, kind } = options.result;
    this.#host = host;
    this.#result = options.result;
    this.#look = { nullText: options.nullText, blanks: "plain", needle: null };
    this.#memory = options.memory;
    this.#layout = new ColumnLayout(options.charWidth);
    this.#cache = new PageCache(columns.length, (part) => host.requestRows(part, this.#result.version));
    this.scroller = gridElement(options.label, columns.length, this.#sheet.root);
    this.#viewport = new GridViewport(this.scroller, this.#layout);
    this.root = element(
      "div",
      { className: "grid", attributes: { "data-no-rows": l10n.t("No rows") } },
      this.scroller,
    );
    this.#layout.fitAll(columns, () => []);
    this.#layout.frozen = kind === "differences" ? 2 : 0;
    new GridInput(this, host).attach();
    this.scroller.addEventListener("scroll", () => this.#scheduleDraw(), { passive: true });
    this.scroller.addEventListener("scrollend", () => host.changed());
    this.#resize = new ResizeObserver(() => this.#measure());
    this.#resize.observe(this.scroller);
  }

  get result(): ResultView {
    return this.#result;
  }

  get layout(): ColumnLayout {
    return this.#layout;
  }

  get bounds(): { rowCount: number; columnCount: number; pageLength: number } {
    const { rowCount, pageLength } = this.#viewport;
    return { rowCount, columnCount: this.#result.columns.length, pageLength };
  }

  get memory(): GridMemory {
    const { active, anchor } = this.selection;
    const { widths, frozen } = this.#layout;
    return { ...this.#viewport.place, widths, frozen, active, anchor };
  }

  /** The value that a column has in the active row; undefined while it is on its way. */
  activeValueOf(column: number): Cell | undefined {
    return this.#cache.value(this.selection.active.row, column);
  }

  get firstRow(): number {
    return this.#viewport.firstRow;
  }

  /** The column whose header has the focus; null while a cell has it. */
  get headerColumn(): number | null {
    return this.#header;
  }

  /** Takes what the host says of the result: more rows, or others. */
  update(result: ResultView, nullText: string): void {
    const isOther = result.version !== this.#result.version;
    const looksSame = nullText === this.#look.nullText && sameArrangement(result, this.#result);
    this.#result = result;
    this.#viewport.rowCount = result.shownCount;
    this.scroller.setAttribute("aria-rowcount", String(result.shownCount + 1));
    this.scroller.setAttribute("aria-busy", String(result.isArranging));
    this.root.classList.toggle("no-rows", result.shownCount === 0);
    if (isOther) {
      this.#cache.clear();
      this.#toTop();
    }
    if (isOther || !looksSame) this.#redraw({ nullText });
    else this.#keepFocus(() => this.#measure());
  }

  /** Marks a text wherever it is, and blank space. */
  show(look: { needle?: string | null; blanks?: "plain" | "marked" }): void {
    this.#redraw(look);
  }

  /** Takes rows that the host sent. */
  receive(
    part: { start: number; firstColumn: number; version: number },
    rows: readonly (readonly Cell[])[],
  ): void {
    if (part.version !== this.#result.version) return;
    this.#cache.receive(part, rows);
    if (!this.#isFitted && part.start === 0) this.#fitFirst();
    this.#keepFocus(() => {
      this.#sheet.refill(part.start, rows.length, this.#context);
      this.#draw();
    });
    if (this.#hasDrawn || rows.length === 0) return;
    this.#hasDrawn = true;
    this.#host.drawn();
  }

  /** Moves the active cell, brings it into view and gives it the focus. */
  moveTo(position: CellPosition, extend: "extend" | "replace"): void {
    this.reveal(position, extend);
    this.focus();
  }

  /** Moves the active cell and brings it into view; the focus stays where it is. */
  reveal(position: CellPosition, extend: "extend" | "replace" = "replace"): void {
    this.#header = null;
    this.selection.moveTo(position, extend);
    this.#viewport.reveal(position);
    this.#draw();
    this.#announce();
  }

  /** Marks a rectangle without scrolling. */
  mark(first: CellPosition, last: CellPosition): void {
    this.#header = null;
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
    this.#viewport.reveal(this.selection.active);
    this.#draw();
  }

  /** Gives the focus to the header of a column. */
  focusHeader(column: number): void {
    this.#header = Math.max(0, Math.min(column, this.bounds.columnCount - 1));
    this.#viewport.reveal({ row: this.firstRow, column: this.#header });
    this.#draw();
    this.focus();
  }

  focus(): void {
    const header = this.#header === null ? null : this.#sheet.headerAt(this.#header);
    (header ?? this.#sheet.cellAt(this.selection.active) ?? this.scroller).focus({ preventScroll: true });
  }

  headerElement(column: number): HTMLElement | null {
    return this.#sheet.headerAt(column);
  }

  /** Scrolls by a wheel where the scroll bar is too coarse for it; says whether it did. */
  wheel(pixels: number): boolean {
    const hasMoved = this.#viewport.wheel(pixels);
    if (hasMoved) this.#scheduleDraw();
    return hasMoved;
  }

  resizeColumn(column: number, width: number): void {
    this.#layout.resize(column, width);
    this.#redrawColumns();
  }

  /** Fits a column to what is at hand of it. */
  fitColumn(column: number): void {
    const view = this.#result.columns[column];
    if (view !== undefined) this.#layout.fit(view, column, this.#cache.sample(column));
    this.#redrawColumns();
  }

  /** Keeps the first columns in view. */
  freeze(count: number): void {
    this.#layout.frozen = count;
    this.#redrawColumns();
  }

  dispose(): void {
    this.#resize.disconnect();
    cancelAnimationFrame(this.#frame);
    this.root.remove();
  }

  /** Other rows are looked at from the first one on. */
  #toTop(): void {
    const { column } = this.selection.active;
    this.selection.moveTo({ row: 0, column }, "replace");
    this.#viewport.moveTo({ top: 0 });
  }

  #announce(): void {
    this.#host.selected();
    this.#host.changed();
  }

  #fitFirst(): void {
    this.#isFitted = true;
    this.#layout.fitAll(this.#result.columns, (column) => this.#cache.sample(column));
    const memory = this.#memory;
    this.#memory = null;
    if (memory !== null && memory.widths.length === this.#result.columns.length) {
      this.#layout.restore(memory.widths);
      this.#layout.frozen = memory.frozen;
      this.selection.mark(memory.active, memory.anchor);
      this.selection.clamp(this.bounds);
    }
    this.#redrawColumns();
    if (memory !== null) this.#viewport.moveTo(memory);
    this.#host.selected();
  }

  #redraw(look: { nullText?: string; needle?: string | null; blanks?: "plain" | "marked" }): void {
    this.#look = { ...this.#look, ...look };
    this.#sheet.invalidate();
    this.#keepFocus(() => this.#measure());
  }

  #redrawColumns(): void {
    this.#sheet.invalidate();
    this.#measure();
    this.#host.changed();
  }

  #measure(): void {
    const { gutterWidth } = this.#viewport;
    if (gutterWidth !== this.#drawnGutter) this.#sheet.invalidate();
    this.#drawnGutter = gutterWidth;
    this.#sheet.resize(this.#viewport.measure());
    this.#draw();
  }

  #scheduleDraw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  /** The focus belongs to the active cell, whichever element shows it now. */
  #keepFocus(change: () => void): void {
    const hadFocus = this.root.contains(document.activeElement);
    change();
    if (hadFocus) this.focus();
  }

  #draw(): void {
    if (this.#viewport.isInSight) this.#keepFocus(() => this.#drawVisible());
  }

  #drawVisible(): void {
    const part = this.#viewport.visible();
    const { rows, columns } = part;
    if (rows.last >= rows.first) this.#cache.require(rows, columns, this.#viewport.rowCount);
    this.#sheet.draw(part, this.#context);
    this.#paint();
  }

  #paint(): void {
    this.#sheet.paint(this.selection);
    const header = this.#header === null ? null : this.#sheet.headerAt(this.#header);
    const cell = this.#sheet.cellAt(this.selection.active);
    if (header !== null && cell !== null) cell.tabIndex = -1;
    if (header !== null) header.tabIndex = 0;
    this.scroller.tabIndex = header === null && cell === null ? 0 : -1;
  }

  get #context(): RowContext {
    const { columns, arrangement, kind } = this.#result;
    return {
      ...this.#look,
      columns,
      arrangement,
      layout: this.#layout,
      gutterWidth: this.#viewport.gutterWidth,
      isDifference: kind === "differences",
      valueAt: (row, column) => this.#cache.value(row, column),
    };
  }
}

function sameArrangement(a: ResultView, b: ResultView): boolean {
  return JSON.stringify(a.arrangement) === JSON.stringify(b.arrangement);
}
