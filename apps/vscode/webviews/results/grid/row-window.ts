/** Browsers stop short of about 33 million pixels; beyond this height the scroll bar moves faster than the rows. */
const MAX_HEIGHT = 8_000_000;

/** Which rows of a tall table show at a scroll position. */
export class RowWindow {
  readonly rowHeight: number;
  rowCount = 0;
  viewHeight = 0;

  constructor(rowHeight: number) {
    this.rowHeight = rowHeight;
  }

  get #fullHeight(): number {
    return this.rowCount * this.rowHeight;
  }

  /** The height of the element that scrolls. */
  get canvasHeight(): number {
    return Math.min(this.#fullHeight, MAX_HEIGHT);
  }

  /** How many pixels of table one pixel of scrolling passes; 1 where the table fits a browser's limits. */
  get #scale(): number {
    const scrollable = this.canvasHeight - this.viewHeight;
    return scrollable <= 0 ? 1 : (this.#fullHeight - this.viewHeight) / scrollable;
  }

  /** The rows to draw and where the first of them goes, with some beyond both edges. */
  at(scrollTop: number, overscan = 4): { first: number; last: number; top: number } {
    const tableTop = scrollTop * this.#scale;
    const visibleFirst = Math.floor(tableTop / this.rowHeight);
    const first = Math.max(0, visibleFirst - overscan);
    const last = Math.min(
      this.rowCount - 1,
      visibleFirst + Math.ceil(this.viewHeight / this.rowHeight) + overscan,
    );
    return { first, last, top: scrollTop - tableTop + first * this.rowHeight };
  }

  /** The scroll position that shows a row, as close as possible to the present one. */
  scrollTopFor(row: number, scrollTop: number): number {
    const scale = this.#scale;
    const tableTop = scrollTop * scale;
    const rowTop = row * this.rowHeight;
    if (rowTop < tableTop) return rowTop / scale;
    const rowBottom = rowTop + this.rowHeight;
    if (rowBottom <= tableTop + this.viewHeight) return scrollTop;
    return (rowBottom - this.viewHeight) / scale;
  }

  /** Whole rows that fit the view; at least one. */
  get pageLength(): number {
    return Math.max(1, Math.floor(this.viewHeight / this.rowHeight) - 1);
  }
}
