import type { Cell, FilterView } from "../../../../shared/protocol/results.ts";
import type { ValueKind } from "../value-kind.ts";
import { compareValues } from "./value-order.ts";

export type CellTest = (cell: Cell) => boolean;

/** Letters of either case are the same; upper case, since what a letter becomes there does not depend on its neighbours. */
export function folded(text: string): string {
  return text.toUpperCase();
}

/** What a filter lets through. */
export function cellTest({ operator, value }: FilterView, kind: ValueKind): CellTest {
  const needle = folded(value);
  const ordered = (isMatch: (order: number) => boolean): CellTest => {
    return (cell) => cell !== null && isMatch(compareValues(cell, value, kind));
  };
  switch (operator) {
    case "contains":
      return (cell) => cell !== null && folded(cell).includes(needle);
    case "notContains":
      return (cell) => cell === null || !folded(cell).includes(needle);
    case "startsWith":
      return (cell) => cell !== null && folded(cell).startsWith(needle);
    case "equals":
      return kind === "text" ? (cell) => cell === value : ordered((order) => order === 0);
    case "notEquals":
      return kind === "text"
        ? (cell) => cell !== value
        : (cell) => cell === null || compareValues(cell, value, kind) !== 0;
    case "less":
      return ordered((order) => order < 0);
    case "lessOrEqual":
      return ordered((order) => order <= 0);
    case "greater":
      return ordered((order) => order > 0);
    case "greaterOrEqual":
      return ordered((order) => order >= 0);
    case "isNull":
      return (cell) => cell === null;
    case "isNotNull":
      return (cell) => cell !== null;
  }
}
