import { formatCount } from "../../shared/format.ts";
import type { ColumnLayout } from "./column-layout.ts";
import { HEADER_HEIGHT, ROW_HEIGHT, type VisiblePart } from "./grid-sheet.ts";
import { RowWindow } from "./row-window.ts";
import type { CellPosition } from "./selection.ts";

/** Which part of a table shows in the element that scrolls. */
export class GridViewport {
  readonly #scroller: HTMLElement;
  readonly #layout: ColumnLayout;
  readonly #rows = new RowWindow(ROW_HEIGHT);

  constructor(scroller: HTMLElement, layout: ColumnLayout) {
    this.#scroller = scroller;
    this.#layout = layout;
  }

  get rowCount(): number {
    return this.#rows.rowCount;
  }

  set rowCount(rowCount: number) {
    this.#rows.resize({ rowCount });
  }

  /** Whole rows that fit. */
  get pageLength(): number {
    return this.#rows.pageLength;
  }

  /** The first row that shows whole. */
  get firstRow(): number {
    return Math.ceil(this.#rows.top / ROW_HEIGHT);
  }

  /** The pixels of the table at the upper left corner. */
  get place(): { readonly top: number; readonly left: number } {
    return { top: this.#rows.top, left: this.#scroller.scrollLeft };
  }

  /** The column of row numbers is as wide as the last of them. */
  get gutterWidth(): number {
    return 20 + 8 * Math.max(2, formatCount(this.rowCount).length);
  }

  get isInSight(): boolean {
    return this.#scroller.clientHeight > 0;
  }

  /** Takes the size of the element that scrolls; gives what the sheet in it has to fill. */
  measure(): { width: number; height: number; viewHeight: number } {
    const viewHeight = Math.max(0, this.#scroller.clientHeight - HEADER_HEIGHT);
    this.#rows.resize({ viewHeight });
    return {
      width: this.gutterWidth + this.#layout.totalWidth,
      height: this.#rows.canvasHeight,
      viewHeight,
    };
  }

  /** What shows at the place where the scroll bars are. */
  visible(): VisiblePart {
    const { scrollTop, scrollLeft, clientWidth } = this.#scroller;
    this.#rows.scrolled(scrollTop);
    const columns = this.#layout.drawn(scrollLeft, clientWidth - this.gutterWidth);
    return { rows: this.#rows.visible(), columns, top: this.#rows.top };
  }

  /** Brings a cell into view, as close as possible to the present place. */
  reveal({ row, column }: CellPosition): void {
    const scroller = this.#scroller;
    scroller.scrollTop = this.#rows.reveal(row);
    if (column < this.#layout.frozen) return;
    const left = this.#layout.left(column) - this.#layout.frozenWidth;
    const right = this.#layout.left(column) + this.#layout.width(column);
    const viewWidth = scroller.clientWidth - this.gutterWidth;
    if (left < scroller.scrollLeft) scroller.scrollLeft = left;
    else if (right > scroller.scrollLeft + viewWidth) scroller.scrollLeft = Math.min(left, right - viewWidth);
  }

  moveTo({ top, left = this.#scroller.scrollLeft }: { top: number; left?: number }): void {
    this.#scroller.scrollTo(left, this.#rows.moveTo(top));
  }

  /** Scrolls by a wheel where the scroll bar is too coarse for it; says whether it did. */
  wheel(pixels: number): boolean {
    if (!this.#rows.isScaled) return false;
    this.#scroller.scrollTop = this.#rows.moveBy(pixels);
    return true;
  }
}
