/** Browsers stop short of about 33 million pixels; beyond this height the scroll bar moves faster than the rows. */
const MAX_HEIGHT = 8_000_000;

/**
 * Which rows of a tall table show.
 *
 * The position in the table is held exactly; the scroll bar only follows it, since one of its pixels can stand for many rows. Dragging the
 * bar sets the position, everything else moves it by as much as was asked for.
 */
export class RowWindow {
  readonly rowHeight: number;
  #rowCount = 0;
  #viewHeight = 0;
  /** The pixel of the table at the top of the view. */
  #top = 0;
  /** Where the scroll bar was put for that. */
  #scrollTop = 0;

  constructor(rowHeight: number) {
    this.rowHeight = rowHeight;
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  get viewHeight(): number {
    return this.#viewHeight;
  }

  get top(): number {
    return this.#top;
  }

  /** The height of the element that scrolls. */
  get canvasHeight(): number {
    return Math.min(this.#fullHeight, MAX_HEIGHT);
  }

  /** Whether the scroll bar moves faster than the rows, so that a wheel must not move it. */
  get isScaled(): boolean {
    return this.#fullHeight > MAX_HEIGHT;
  }

  /** Whole rows that fit the view; at least one. */
  get pageLength(): number {
    return Math.max(1, Math.floor(this.#viewHeight / this.rowHeight) - 1);
  }

  resize({ rowCount = this.#rowCount, viewHeight = this.#viewHeight }): void {
    this.#rowCount = rowCount;
    this.#viewHeight = viewHeight;
    this.#top = this.#clamp(this.#top);
  }

  /** Takes where the scroll bar is; a place that it was put to changes nothing. */
  scrolled(scrollTop: number): void {
    if (Math.abs(scrollTop - this.#scrollTop) < 1.5) return;
    this.#scrollTop = scrollTop;
    this.#top = this.#clamp(scrollTop * this.#scale);
  }

  /** Moves by so many pixels of the table; gives where the scroll bar belongs. */
  moveBy(pixels: number): number {
    return this.moveTo(this.#top + pixels);
  }

  moveTo(top: number): number {
    this.#top = this.#clamp(top);
    this.#scrollTop = this.#top / this.#scale;
    return this.#scrollTop;
  }

  /** Shows a row, as close as possible to the present position; gives where the scroll bar belongs. */
  reveal(row: number): number {
    const rowTop = row * this.rowHeight;
    const rowBottom = rowTop + this.rowHeight;
    if (rowTop < this.#top) return this.moveTo(rowTop);
    if (rowBottom > this.#top + this.#viewHeight) return this.moveTo(rowBottom - this.#viewHeight);
    return this.moveTo(this.#top);
  }

  /** The rows to draw, with some beyond both edges. */
  visible(overscan = 4): { first: number; last: number } {
    const first = Math.floor(this.#top / this.rowHeight);
    const count = Math.ceil(this.#viewHeight / this.rowHeight);
    return {
      first: Math.max(0, first - overscan),
      last: Math.min(this.#rowCount - 1, first + count + overscan),
    };
  }

  get #fullHeight(): number {
    return this.#rowCount * this.rowHeight;
  }

  /** How many pixels of table one pixel of scrolling passes; 1 where the table fits a browser's limits. */
  get #scale(): number {
    const scrollable = this.canvasHeight - this.#viewHeight;
    return scrollable <= 0 || !this.isScaled ? 1 : (this.#fullHeight - this.#viewHeight) / scrollable;
  }

  #clamp(top: number): number {
    return Math.max(0, Math.min(top, this.#fullHeight - this.#viewHeight));
  }
}
