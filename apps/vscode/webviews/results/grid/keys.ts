import type { CellPosition } from "./selection.ts";

export interface GridBounds {
  readonly rowCount: number;
  readonly columnCount: number;
  readonly pageLength: number;
}

type Move = (at: CellPosition, bounds: GridBounds) => CellPosition;

const MOVES: Readonly<Record<string, Move>> = {
  ArrowUp: ({ row, column }) => ({ row: row - 1, column }),
  ArrowDown: ({ row, column }) => ({ row: row + 1, column }),
  ArrowLeft: ({ row, column }) => ({ row, column: column - 1 }),
  ArrowRight: ({ row, column }) => ({ row, column: column + 1 }),
  PageUp: ({ row, column }, { pageLength }) => ({ row: row - pageLength, column }),
  PageDown: ({ row, column }, { pageLength }) => ({ row: row + pageLength, column }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, { columnCount }) => ({ row, column: columnCount - 1 }),
};

const FAR_MOVES: Readonly<Record<string, Move>> = {
  ArrowUp: ({ column }) => ({ row: 0, column }),
  ArrowDown: ({ column }, { rowCount }) => ({ row: rowCount - 1, column }),
  ArrowLeft: ({ row }) => ({ row, column: 0 }),
  ArrowRight: ({ row }, { columnCount }) => ({ row, column: columnCount - 1 }),
  Home: () => ({ row: 0, column: 0 }),
  End: (_, { rowCount, columnCount }) => ({ row: rowCount - 1, column: columnCount - 1 }),
};

function clamp(value: number, max: number): number {
  return Math.max(0, Math.min(value, max));
}

/** Where a key moves the active cell; null for keys that move nothing. */
export function moveFor(
  key: { key: string; isFar: boolean },
  at: CellPosition,
  bounds: GridBounds,
): CellPosition | null {
  const move = (key.isFar ? FAR_MOVES : MOVES)[key.key];
  if (move === undefined) return null;
  const { row, column } = move(at, bounds);
  return { row: clamp(row, bounds.rowCount - 1), column: clamp(column, bounds.columnCount - 1) };
}
