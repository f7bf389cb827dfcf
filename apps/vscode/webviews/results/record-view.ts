import type { Cell, ColumnView } from "../../shared/protocol/results.ts";
import { element } from "../shared/dom.ts";
import { singleLine } from "./grid/cell-text.ts";

export interface RecordContent {
  readonly columns: readonly ColumnView[];
  readonly values: readonly Cell[];
  /** The column that the grid's active cell is in. */
  readonly column: number;
  readonly nullText: string;
}

/** A row with a line for each of its columns, which is how a wide table is read. */
export function drawRecord({ columns, values, column, nullText }: RecordContent): HTMLElement {
  const lines = columns.map(({ name, typeName }, index) => {
    const value = values[index] ?? null;
    const isActive = index === column;
    return element(
      "div",
      {
        className: isActive ? "field active" : "field",
        attributes: isActive ? { "aria-current": "true" } : {},
      },
      element("dt", { text: name, title: `${name}  ${typeName}` }),
      element(
        "dd",
        value === null ? { className: "null", text: nullText } : { text: singleLine(value, "plain") },
      ),
    );
  });
  return element("dl", { className: "record" }, ...lines);
}
