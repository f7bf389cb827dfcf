import type { CellRange } from "../../../shared/protocol/results.ts";
import type { PartRequest } from "./page-cache.ts";
import type { CellPosition } from "./selection.ts";

/** What the grid asks of its owner. */
export interface GridHost {
  requestRows(part: PartRequest, version: number): void;
  copy(range: CellRange, withHeaders: boolean): void;
  /** The active cell or the marked range has changed. */
  selected(): void;
  /** Opens the active cell's whole value. */
  open(): void;
  /** Opens a column's menu under its header. */
  menu(column: number, at: HTMLElement): void;
  /** Something worth remembering has changed: scroll position, widths, selection. */
  changed(): void;
  /** The first rows were drawn. */
  drawn(): void;
}

/** What is remembered of a grid while its view is hidden. */
export interface GridMemory {
  readonly top: number;
  readonly left: number;
  readonly widths: readonly number[];
  readonly frozen: number;
  readonly active: CellPosition;
  readonly anchor: CellPosition;
}
