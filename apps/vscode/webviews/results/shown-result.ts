import type {
  ArrangementView,
  ResultsHostMessage,
  ResultsViewMessage,
  StatementView,
  SummaryView,
} from "../../shared/protocol/results.ts";
import { element } from "../shared/dom.ts";
import { formatCount } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";
import { drawArrangement } from "./arrangement-bar.ts";
import { CellDetail } from "./cell-detail.ts";
import { openColumnMenu } from "./column-menu.ts";
import { FindBar } from "./find-bar.ts";
import { Grid } from "./grid/grid.ts";
import type { GridMemory } from "./grid/grid-host.ts";

/** What a result asks of the view. */
export interface ResultHost {
  send(message: ResultsViewMessage): void;
  /** Says something to a screen reader. */
  announce(text: string): void;
  remember(): void;
  recall(statement: StatementView): GridMemory | null;
  readonly charWidth: number;
}

export type Message<T extends ResultsHostMessage["type"]> = Extract<ResultsHostMessage, { type: T }>;

interface Shown {
  readonly statement: StatementView;
  readonly grid: Grid;
  /** When its result arrived here. */
  readonly since: number;
}

/** The rows in front of a pane: their grid, and what stands around it. Nothing shows until `show`. */
export class ShownResult {
  readonly find: FindBar;
  readonly arrangement: HTMLElement = element("div", { className: "arrangement-bar" });
  readonly #pane: number;
  readonly #host: ResultHost;
  readonly #onSummary: () => void;
  readonly #detail = new CellDetail({
    close: () => this.#closeDetail(),
    changeKind: () => this.#openDetail(),
  });
  #shown: Shown | null = null;
  #summary: SummaryView | null = null;
  #nullText = "NULL";
  #showsBlanks = false;

  /** @param onSummary - called when the summary of the marked cells is another one. */
  constructor(pane: number, host: ResultHost, onSummary: () => void) {
    this.#pane = pane;
    this.#host = host;
    this.#onSummary = onSummary;
    this.find = new FindBar({
      find: (needle, direction) => this.#search(needle, direction),
      goToRow: (row) => this.#goToRow(row),
      closed: () => {
        this.#shown?.grid.show({ needle: null });
        this.#shown?.grid.focus();
      },
    });
  }

  get memory(): GridMemory | null {
    return this.#shown?.grid.memory ?? null;
  }

  get summary(): SummaryView | null {
    return this.#summary;
  }

  get showsBlanks(): boolean {
    return this.#showsBlanks;
  }

  /** Shows a statement's rows in an element, or what has changed of them. */
  show(statement: StatementView, parent: HTMLElement, nullText: string): void {
    const { result } = statement;
    if (result === null) return;
    this.#nullText = nullText;
    const isNew = this.#shown?.statement.id !== statement.id;
    if (isNew) this.drop();
    const { grid, since } = this.#shown ?? { grid: this.#makeGrid(statement), since: performance.now() };
    this.#shown = { statement, grid, since };
    if (isNew) parent.replaceChildren(grid.root, this.#detail.root);
    const bar = drawArrangement(result, {
      arrange: (arrangement) => this.#arrange(arrangement),
      loadAll: () => this.#host.send({ type: "load", statementId: statement.id, amount: "all" }),
    });
    this.#replaceArrangement(bar, result.version + (result.isArranging ? 0.5 : 0));
    grid.update(result, nullText);
  }

  /** Shows no rows any more. */
  drop(): void {
    this.#shown?.grid.dispose();
    this.#shown = null;
    this.#summary = null;
    this.#detail.close();
    this.find.root.hidden = true;
    this.#replaceArrangement(null, 0);
  }

  toggleBlanks(): void {
    this.#showsBlanks = !this.#showsBlanks;
    this.#shown?.grid.show({ blanks: this.#showsBlanks ? "marked" : "plain" });
  }

  receiveRows(message: Message<"rows">): void {
    this.#gridOf(message.statementId)?.receive(message, message.rows);
  }

  receiveCell(message: Message<"cell">): void {
    const grid = this.#gridOf(message.statementId);
    const column = grid?.result.columns[message.column];
    if (grid === null || column === undefined) return;
    const { active } = grid.selection;
    if (active.row !== message.row || active.column !== message.column) return;
    this.#detail.show({ ...message, column, nullText: this.#nullText });
    grid.revealActive();
  }

  receiveRecord({ statementId, row, values }: Message<"record">): void {
    const grid = this.#gridOf(statementId);
    if (grid === null || grid.selection.active.row !== row) return;
    const { columns } = grid.result;
    const { column } = grid.selection.active;
    this.#detail.showRecord({ columns, values, row, column, nullText: this.#nullText });
    grid.revealActive();
  }

  receiveSummary({ statementId, summary }: Message<"summary">): void {
    const grid = this.#gridOf(statementId);
    if (grid === null || grid.selection.isSingle) return;
    this.#summary = summary;
    this.#onSummary();
  }

  receiveFound({ statementId, needle, count, isCut, at }: Message<"found">): void {
    const grid = this.#gridOf(statementId);
    if (grid === null || needle !== this.find.needle) return;
    this.find.show({ index: at?.index ?? null, count, isCut });
    if (at !== null) grid.reveal(at);
  }

  /** Says whether the key meant something. */
  key(event: KeyboardEvent): boolean {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    const key = event.key.toLowerCase();
    if (this.#shown === null) return false;
    if (isCommand && key === "f") this.find.open("needle");
    else if (isCommand && key === "g") this.find.open("row");
    else if (event.key === "Escape" && this.find.isOpen) this.find.close();
    else if (event.key === "Escape" && this.#detail.isOpen) this.#closeDetail();
    else return false;
    return true;
  }

  #gridOf(statementId: number): Grid | null {
    return this.#shown?.statement.id === statementId ? this.#shown.grid : null;
  }

  #makeGrid(statement: StatementView): Grid {
    const { id, result, summary } = statement;
    if (result === null) throw new Error("bug: a grid without a result");
    return new Grid(
      {
        requestRows: (part, version) => this.#host.send({ type: "rows", statementId: id, version, ...part }),
        copy: (range, withHeaders) => this.#host.send({ type: "copy", statementId: id, range, withHeaders }),
        selected: () => this.#selectionChanged(),
        open: () => this.#openDetail(),
        menu: (column, anchor) => this.#openMenu(column, anchor),
        changed: () => this.#host.remember(),
        drawn: () => this.#drawn(),
      },
      {
        result,
        nullText: this.#nullText,
        charWidth: this.#host.charWidth,
        label: l10n.t("Rows of {0}", summary),
        memory: this.#host.recall(statement),
      },
    );
  }

  /** Tells the host how long drawing took, from the arrival of the result to the frame that shows it. */
  #drawn(): void {
    if (this.#shown === null) return;
    const { statement, since } = this.#shown;
    if (statement.timing === null || statement.timing.renderMillis !== null) return;
    requestAnimationFrame(() => {
      this.#host.send({ type: "rendered", statementId: statement.id, millis: performance.now() - since });
    });
  }

  /** The chips are drawn anew only where they say something else, so that the focus stays on them. */
  #replaceArrangement(bar: HTMLElement | null, version: number): void {
    const text = `${version} ${bar?.textContent ?? ""}`;
    if (this.arrangement.dataset.text === text) return;
    const hadFocus = this.arrangement.contains(document.activeElement);
    this.arrangement.dataset.text = text;
    this.arrangement.replaceChildren(...(bar === null ? [] : [bar]));
    if (hadFocus) (this.arrangement.querySelector<HTMLElement>("button") ?? this.#shown?.grid)?.focus();
  }

  #openMenu(column: number, anchor: HTMLElement): void {
    if (this.#shown === null) return;
    const { grid } = this.#shown;
    openColumnMenu({ grid, column, anchor, arrange: (arrangement) => this.#arrange(arrangement) });
  }

  #arrange(arrangement: ArrangementView): void {
    if (this.#shown === null) return;
    this.#host.send({ type: "arrange", statementId: this.#shown.statement.id, arrangement });
    const { filters, sort } = arrangement;
    this.#host.announce(
      l10n.t("{0} filters, sorted by {1} columns", formatCount(filters.length), formatCount(sort.length)),
    );
  }

  #search(needle: string, direction: "next" | "previous" | "here"): void {
    if (this.#shown === null) return;
    const { grid, statement } = this.#shown;
    grid.show({ needle: needle === "" ? null : needle.toUpperCase() });
    if (needle === "") return;
    const from = grid.selection.active;
    this.#host.send({
      type: "find",
      pane: this.#pane,
      statementId: statement.id,
      needle,
      from,
      direction,
    });
  }

  #goToRow(row: number): void {
    const grid = this.#shown?.grid;
    if (grid === undefined) return;
    const target = Math.min(row, grid.bounds.rowCount - 1);
    grid.moveTo({ row: target, column: grid.selection.active.column }, "replace");
  }

  #selectionChanged(): void {
    if (this.#shown === null) return;
    const { statement, grid } = this.#shown;
    this.#summary = null;
    const { range } = grid.selection;
    this.#host.send({ type: "select", pane: this.#pane, statementId: statement.id, range });
    if (this.#detail.isOpen) this.#openDetail();
    this.#onSummary();
  }

  #openDetail(): void {
    if (this.#shown === null) return;
    const { statement, grid } = this.#shown;
    const { row, column } = grid.selection.active;
    const about = { pane: this.#pane, statementId: statement.id, row };
    this.#host.send(
      this.#detail.kind === "record" ? { type: "record", ...about } : { type: "cell", ...about, column },
    );
  }

  #closeDetail(): void {
    this.#detail.close();
    this.#shown?.grid.focus();
  }
}
