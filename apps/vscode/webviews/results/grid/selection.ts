import type { CellRange } from "../../../shared/protocol/results.ts";

export interface CellPosition {
  readonly row: number;
  readonly column: number;
}

/** The active cell and the rectangle between it and its anchor. */
export class Selection {
  active: CellPosition = { row: 0, column: 0 };
  anchor: CellPosition = { row: 0, column: 0 };

  get range(): CellRange {
    const { active, anchor } = this;
    return {
      firstRow: Math.min(active.row, anchor.row),
      lastRow: Math.max(active.row, anchor.row),
      firstColumn: Math.min(active.column, anchor.column),
      lastColumn: Math.max(active.column, anchor.column),
    };
  }

  get isSingle(): boolean {
    return this.active.row === this.anchor.row && this.active.column === this.anchor.column;
  }

  /** Moves the active cell; the anchor follows unless the range is being extended. */
  moveTo(position: CellPosition, extend: "extend" | "replace"): void {
    this.active = position;
    if (extend === "replace") this.anchor = position;
  }

  /** Marks a rectangle; the active cell is its first. */
  mark(first: CellPosition, last: CellPosition): void {
    this.active = first;
    this.anchor = last;
  }

  /** Keeps both ends within a table that has become smaller. */
  clamp({ rowCount, columnCount }: { rowCount: number; columnCount: number }): void {
    const within = ({ row, column }: CellPosition): CellPosition => ({
      row: Math.max(0, Math.min(row, rowCount - 1)),
      column: Math.max(0, Math.min(column, columnCount - 1)),
    });
    this.active = within(this.active);
    this.anchor = within(this.anchor);
  }

  holds(row: number, column: number): boolean {
    const { firstRow, lastRow, firstColumn, lastColumn } = this.range;
    return row >= firstRow && row <= lastRow && column >= firstColumn && column <= lastColumn;
  }
}
