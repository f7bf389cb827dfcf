import type { Grid } from "./grid.ts";
import type { GridHost } from "./grid-host.ts";
import { headerKey } from "./header-keys.ts";
import { moveFor } from "./keys.ts";
import type { CellPosition } from "./selection.ts";

function numberFrom(target: EventTarget | null, selector: string, key: string): number | null {
  const found = target instanceof Element ? target.closest<HTMLElement>(selector) : null;
  const value = found?.dataset[key];
  return value === undefined ? null : Number(value);
}

function cellFrom(target: EventTarget | null): CellPosition | null {
  const column = numberFrom(target, ".cell", "column");
  const row = numberFrom(target, ".row", "row");
  return column === null || row === null ? null : { row, column };
}

/** Keys and pointer of a grid. */
export class GridInput {
  readonly #grid: Grid;
  readonly #host: GridHost;
  #isDragging = false;

  constructor(grid: Grid, host: GridHost) {
    this.#grid = grid;
    this.#host = host;
  }

  attach(): void {
    const { scroller } = this.#grid;
    scroller.addEventListener("keydown", (event) => {
      const isTaken =
        this.#grid.headerColumn === null ? this.#key(event) : headerKey(event, this.#grid, this.#host);
      if (!isTaken) return;
      event.preventDefault();
      event.stopPropagation();
    });
    scroller.addEventListener("pointerdown", (event) => this.#press(event));
    scroller.addEventListener("pointermove", (event) => this.#drag(event));
    scroller.addEventListener("pointerup", () => {
      this.#isDragging = false;
    });
    scroller.addEventListener("dblclick", (event) => this.#doublePress(event));
    scroller.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
  }

  /** Says whether the key meant something. */
  #key(event: KeyboardEvent): boolean {
    const isCommand = event.ctrlKey || event.metaKey;
    const grid = this.#grid;
    const { active } = grid.selection;
    if (event.altKey && event.key === "ArrowDown") this.#openMenu(active.column);
    else if (event.altKey) return false;
    else if (event.key === "ArrowUp" && active.row === 0 && !event.shiftKey) grid.focusHeader(active.column);
    else if (isCommand && event.key.toLowerCase() === "a") this.#markAll();
    else if (isCommand && event.key.toLowerCase() === "c")
      this.#host.copy(grid.selection.range, event.shiftKey);
    else if (event.key === "Enter" || event.key === " ") this.#host.open();
    else {
      const target = moveFor({ key: event.key, isFar: isCommand }, active, grid.bounds);
      if (target === null) return false;
      grid.moveTo(target, event.shiftKey ? "extend" : "replace");
    }
    return true;
  }

  #openMenu(column: number): void {
    this.#grid.focusHeader(column);
    const header = this.#grid.headerElement(column);
    if (header !== null) this.#host.menu(column, header);
  }

  #markAll(): void {
    const { rowCount, columnCount } = this.#grid.bounds;
    this.#grid.mark({ row: 0, column: 0 }, { row: rowCount - 1, column: columnCount - 1 });
  }

  #press(event: PointerEvent): void {
    const { target } = event;
    const handle = numberFrom(target, ".handle", "handle");
    const menu = numberFrom(target, ".menu-button", "menu");
    if (handle !== null) {
      this.#startResize(event, handle);
      return;
    }
    if (menu !== null) {
      event.preventDefault();
      this.#openMenu(menu);
      return;
    }
    const cell = cellFrom(target);
    // A secondary press on the marked range keeps it, since the menu acts on it.
    const isMenu = event.button !== 0;
    if (isMenu && cell !== null && this.#grid.selection.holds(cell.row, cell.column)) return;
    if (cell !== null) {
      this.#grid.moveTo(cell, event.shiftKey ? "extend" : "replace");
      this.#isDragging = !isMenu;
      return;
    }
    this.#pressEdge(event);
  }

  /** A row's number marks the row, a header its column, the corner everything. */
  #pressEdge({ target, shiftKey }: PointerEvent): void {
    const { rowCount, columnCount } = this.#grid.bounds;
    const { anchor } = this.#grid.selection;
    const column = numberFrom(target, ".header", "column");
    const row = numberFrom(target, ".row", "row");
    if (column !== null) {
      const from = shiftKey ? anchor.column : column;
      this.#grid.mark({ row: 0, column }, { row: rowCount - 1, column: from });
    } else if (row !== null) {
      const from = shiftKey ? anchor.row : row;
      this.#grid.mark({ row, column: 0 }, { row: from, column: columnCount - 1 });
    } else if (target instanceof Element && target.closest(".corner") !== null) this.#markAll();
  }

  #drag({ target, buttons }: PointerEvent): void {
    if (!this.#isDragging || buttons !== 1) return;
    const cell = cellFrom(target);
    if (cell !== null) this.#grid.dragTo(cell);
  }

  #doublePress({ target }: MouseEvent): void {
    const handle = numberFrom(target, ".handle", "handle");
    if (handle !== null) this.#grid.fitColumn(handle);
    else if (cellFrom(target) !== null) this.#host.open();
  }

  #wheel(event: WheelEvent): void {
    if (event.ctrlKey || event.deltaY === 0) return;
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * 24 : event.deltaY;
    if (this.#grid.wheel(pixels)) event.preventDefault();
  }

  #startResize(event: PointerEvent, column: number): void {
    event.preventDefault();
    const { scroller, layout } = this.#grid;
    const [from, width] = [event.clientX, layout.width(column)];
    const move = ({ clientX }: PointerEvent) => this.#grid.resizeColumn(column, width + clientX - from);
    const end = () => {
      scroller.removeEventListener("pointermove", move);
      scroller.removeEventListener("pointerup", end);
      scroller.removeEventListener("pointercancel", end);
    };
    scroller.setPointerCapture(event.pointerId);
    scroller.addEventListener("pointermove", move);
    scroller.addEventListener("pointerup", end);
    scroller.addEventListener("pointercancel", end);
  }
}
