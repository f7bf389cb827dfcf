import type { Grid } from "./grid.ts";
import type { GridHost } from "./grid-host.ts";

/** How far a key moves the edge of a column, in pixels. */
const STEP = 16;

/** Keys while the header of a column has the focus; says whether the key meant something. */
export function headerKey(event: KeyboardEvent, grid: Grid, host: GridHost): boolean {
  const column = grid.headerColumn;
  if (column === null) return false;
  const header = grid.headerElement(column);
  const { columnCount } = grid.bounds;
  const sideways = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (sideways !== 0 && event.altKey) grid.resizeColumn(column, grid.layout.width(column) + sideways * STEP);
  else if (sideways !== 0) grid.focusHeader(column + sideways);
  else if (event.key === "Home") grid.focusHeader(0);
  else if (event.key === "End") grid.focusHeader(columnCount - 1);
  else if (event.key === "ArrowDown" && event.altKey) openMenu();
  else if (event.key === "Enter" || event.key === " ") openMenu();
  else if (event.key === "ArrowDown") grid.moveTo({ row: grid.firstRow, column }, "replace");
  else if (event.key === "Escape") grid.moveTo({ ...grid.selection.active, column }, "replace");
  else return false;
  return true;

  function openMenu(): void {
    if (header !== null && column !== null) host.menu(column, header);
  }
}
