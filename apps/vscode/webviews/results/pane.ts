import type {
  ArrangementView,
  PinView,
  ResultsHostMessage,
  ResultsViewMessage,
  RunView,
  StatementView,
  SummaryView,
} from "../../shared/protocol/results.ts";
import { element } from "../shared/dom.ts";
import { formatCount } from "../shared/format.ts";
import { drawArrangement } from "./arrangement-bar.ts";
import { CellDetail } from "./cell-detail.ts";
import { openColumnMenu } from "./column-menu.ts";
import { FindBar } from "./find-bar.ts";
import { Grid, type GridMemory } from "./grid/grid.ts";
import { drawMessages, goneNotice } from "./messages.ts";
import { ResultTools } from "./result-tools.ts";
import { StatusLine } from "./status-line.ts";
import { naturalTab, type TabId, Tabs } from "./tabs.ts";

/** What a pane asks of the view. */
export interface PaneHost {
  send(message: ResultsViewMessage): void;
  /** Says something to a screen reader. */
  announce(text: string): void;
  /** Splits the view, or closes this side of it. */
  split(pane: number): void;
  remember(): void;
  recall(statement: StatementView): GridMemory | null;
  readonly charWidth: number;
}

export interface PaneSnapshot {
  readonly run: RunView | null;
  readonly pins: readonly PinView[];
  readonly nullText: string;
  readonly split: "one" | "first" | "second";
}

type Message<T extends ResultsHostMessage["type"]> = Extract<ResultsHostMessage, { type: T }>;

/** One side of the view: tabs, the result in front, and the line under it. */
export class Pane {
  readonly root: HTMLElement;
  readonly number: number;
  /** Where the state of a run goes: the first pane shows it. */
  readonly corner = element("div", { className: "run-state" });
  readonly #host: PaneHost;
  readonly #tabs: Tabs;
  readonly #tools: ResultTools;
  readonly #find: FindBar;
  readonly #arrangement = element("div", { className: "arrangement-bar" });
  readonly #content = element("section", { className: "content" });
  readonly #detail = new CellDetail(() => this.#closeDetail());
  readonly #status: StatusLine;
  #snapshot: PaneSnapshot = { run: null, pins: [], nullText: "NULL", split: "one" };
  #tab: TabId = "messages";
  #tabChosenFor = 0;
  #grid: { readonly statementId: number; readonly grid: Grid; readonly since: number } | null = null;
  #summary: SummaryView | null = null;
  #showsBlanks = false;
  #messages = "";

  constructor(number: number, host: PaneHost) {
    this.number = number;
    this.#host = host;
    this.#tabs = new Tabs({
      select: (id) => this.select(id),
      unpin: (id) => host.send({ type: "unpin", statementId: id }),
    });
    this.#tools = new ResultTools({
      find: () => this.#find.open("needle"),
      blanks: () => this.#toggleBlanks(),
      pin: () => this.#ask(this.#isPinned ? "unpin" : "pin"),
      compare: () => this.#ask("compare"),
      copyAs: () => this.#ask("copyAs"),
      export: () => this.#ask("export"),
      openInEditor: () => this.#ask("openInEditor"),
      split: () => host.split(number),
    });
    this.#find = new FindBar({
      find: (needle, direction) => this.#search(needle, direction),
      goToRow: (row) => this.#goToRow(row),
      closed: () => {
        this.#grid?.grid.show({ needle: null });
        this.#grid?.grid.focus();
      },
    });
    this.#status = new StatusLine({
      load: (amount) => this.#withId((statementId) => host.send({ type: "load", statementId, amount })),
      stopLoading: () => this.#ask("stopLoading"),
      reveal: () => this.#ask("reveal"),
      runAgain: () =>
        this.#withId((statementId) => host.send({ type: "runAgain", statementIds: [statementId] })),
    });
    const top = element("div", { className: "top" }, this.#tabs.root, this.corner, this.#tools.root);
    const bottom = element("div", { className: "bottom" }, this.#status.root);
    this.root = element(
      "section",
      { className: "pane", attributes: { "aria-label": `Results ${number + 1}` } },
      top,
      this.#find.root,
      this.#arrangement,
      this.#content,
      bottom,
    );
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  get tab(): TabId {
    return this.#tab;
  }

  /** What is worth remembering of the grid in front. */
  get memory(): { statement: StatementView; grid: GridMemory } | null {
    const statement = this.#statement;
    return statement === null || this.#grid === null ? null : { statement, grid: this.#grid.grid.memory };
  }

  /** Brings a tab to the front and remembers that it was chosen. */
  select(id: TabId, focus: "tab" | "none" = "tab"): void {
    this.#tab = id;
    this.#tabChosenFor = this.#snapshot.run?.id ?? 0;
    this.#draw();
    if (focus === "tab") this.#tabs.focusSelected();
    this.#host.remember();
  }

  update(snapshot: PaneSnapshot): void {
    const { run, pins } = snapshot;
    this.#snapshot = snapshot;
    const isPin = pins.some(({ statement }) => statement.id === this.#tab);
    if (run !== null && this.#tabChosenFor !== run.id && !(isPin && snapshot.split === "second"))
      this.#tab = naturalTab(run);
    else if (this.#tab !== "messages" && this.#statement === null)
      this.#tab = run === null ? "messages" : naturalTab(run);
    if (run === null && this.#statement === null) this.#tab = pins.at(-1)?.statement.id ?? "messages";
    this.#draw();
  }

  receiveRows(message: Message<"rows">): void {
    if (this.#grid?.statementId === message.statementId) this.#grid.grid.receive(message, message.rows);
  }

  receiveCell(message: Message<"cell">): void {
    if (this.#grid?.statementId !== message.statementId) return;
    const { grid } = this.#grid;
    const { active } = grid.selection;
    const column = grid.result.columns[message.column];
    if (active.row !== message.row || active.column !== message.column || column === undefined) return;
    this.#detail.show({ ...message, column, nullText: this.#snapshot.nullText });
    grid.revealActive();
  }

  receiveSummary({ statementId, summary }: Message<"summary">): void {
    if (this.#grid?.statementId !== statementId || this.#grid.grid.selection.isSingle) return;
    this.#summary = summary;
    this.#drawStatus();
  }

  receiveFound({ statementId, needle, count, isCut, at }: Message<"found">): void {
    if (this.#grid?.statementId !== statementId || needle !== this.#find.needle) return;
    this.#find.show({ index: at?.index ?? null, count, isCut });
    if (at !== null) this.#grid.grid.reveal(at);
  }

  dispose(): void {
    this.#dropGrid();
    this.root.remove();
  }

  get #statement(): StatementView | null {
    return this.#source?.statement ?? null;
  }

  /** The statement in front, with the editor and the connection that it ran on. */
  get #source(): PinView | null {
    const { run, pins } = this.#snapshot;
    const pin = pins.find(({ statement }) => statement.id === this.#tab);
    const statement = run?.statements.find(({ id }) => id === this.#tab);
    if (pin !== undefined) return pin;
    return run === null || statement === undefined
      ? null
      : { title: run.title, connectionName: run.connectionName, statement };
  }

  get #isPinned(): boolean {
    return this.#snapshot.pins.some(({ statement }) => statement.id === this.#tab);
  }

  #draw(): void {
    const { run, pins, split } = this.#snapshot;
    const statement = this.#statement;
    this.#tabs.update(run, pins, this.#tab);
    const hasRows = statement?.result !== null && statement !== null;
    this.#tools.update({ hasRows, isPinned: this.#isPinned, showsBlanks: this.#showsBlanks, split });
    if (statement?.result) this.#drawGrid(statement);
    else this.#drawWithoutRows(run, statement);
    this.#drawStatus();
  }

  #drawStatus(): void {
    const { title = "", connectionName = "", statement = null } = this.#source ?? {};
    const fallback = this.#snapshot.run?.connectionName ?? "";
    this.#status.update({
      statement,
      summary: this.#summary,
      title,
      connectionName: connectionName || fallback,
    });
  }

  #drawWithoutRows(run: RunView | null, statement: StatementView | null): void {
    this.#dropGrid();
    const messages = JSON.stringify([run?.statements, statement]);
    if (messages === this.#messages) return;
    this.#messages = messages;
    const { scrollTop } = this.#content.firstElementChild ?? { scrollTop: 0 };
    const runAgain = (statementIds: readonly number[]) => this.#host.send({ type: "runAgain", statementIds });
    if (statement !== null && this.#tab !== "messages") {
      const text = `The rows of ${statement.summary} are gone, since the window was reloaded.`;
      this.#content.replaceChildren(goneNotice(text, () => runAgain([statement.id])));
    } else if (run !== null) {
      const reveal = (statementId: number) => this.#host.send({ type: "reveal", statementId });
      const list = drawMessages(run, { reveal, runAgain });
      this.#content.replaceChildren(list);
      list.scrollTop = scrollTop;
    }
  }

  #drawGrid(statement: StatementView): void {
    if (statement.result === null) return;
    this.#messages = "";
    const existing = this.#grid?.statementId === statement.id ? this.#grid.grid : null;
    const grid = existing ?? this.#makeGrid(statement);
    if (existing === null) {
      this.#dropGrid();
      this.#grid = { statementId: statement.id, grid, since: performance.now() };
      this.#content.replaceChildren(grid.root, this.#detail.root);
    }
    const { result } = statement;
    const bar = drawArrangement(result, {
      arrange: (arrangement) => this.#arrange(arrangement),
      loadAll: () => this.#host.send({ type: "load", statementId: statement.id, amount: "all" }),
    });
    this.#replaceArrangement(bar, result.version + (result.isArranging ? 0.5 : 0));
    grid.update(result, this.#snapshot.nullText);
  }

  /** The chips are drawn anew only where they say something else, so that the focus stays on them. */
  #replaceArrangement(bar: HTMLElement | null, version: number): void {
    const text = `${version} ${bar?.textContent ?? ""}`;
    if (this.#arrangement.dataset.text === text) return;
    const hadFocus = this.#arrangement.contains(document.activeElement);
    this.#arrangement.dataset.text = text;
    this.#arrangement.replaceChildren(...(bar === null ? [] : [bar]));
    if (hadFocus) (this.#arrangement.querySelector<HTMLElement>("button") ?? this.#grid?.grid)?.focus();
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
        drawn: () => this.#drawn(statement),
      },
      {
        result,
        nullText: this.#snapshot.nullText,
        charWidth: this.#host.charWidth,
        label: `Rows of ${summary}`,
        memory: this.#host.recall(statement),
      },
    );
  }

  /** Tells the host how long drawing took, from the arrival of the result to the frame that shows it. */
  #drawn({ id, timing }: StatementView): void {
    const since = this.#grid?.since ?? performance.now();
    if (timing === null || timing.renderMillis !== null) return;
    requestAnimationFrame(() => {
      this.#host.send({ type: "rendered", statementId: id, millis: performance.now() - since });
    });
  }

  #dropGrid(): void {
    this.#grid?.grid.dispose();
    this.#grid = null;
    this.#summary = null;
    this.#detail.close();
    this.#find.root.hidden = true;
    this.#replaceArrangement(null, 0);
  }

  #openMenu(column: number, anchor: HTMLElement): void {
    if (this.#grid === null) return;
    const { grid } = this.#grid;
    openColumnMenu({ grid, column, anchor, arrange: (arrangement) => this.#arrange(arrangement) });
  }

  #arrange(arrangement: ArrangementView): void {
    this.#withId((statementId) => this.#host.send({ type: "arrange", statementId, arrangement }));
    const { filters, sort } = arrangement;
    this.#host.announce(
      `${formatCount(filters.length)} filters, sorted by ${formatCount(sort.length)} columns`,
    );
  }

  #search(needle: string, direction: "next" | "previous" | "here"): void {
    if (this.#grid === null) return;
    const { grid, statementId } = this.#grid;
    grid.show({ needle: needle === "" ? null : needle.toUpperCase() });
    if (needle === "") return;
    this.#host.send({
      type: "find",
      pane: this.number,
      statementId,
      needle,
      from: grid.selection.active,
      direction,
    });
  }

  #goToRow(row: number): void {
    const grid = this.#grid?.grid;
    if (grid === undefined) return;
    const target = Math.min(row, grid.bounds.rowCount - 1);
    grid.moveTo({ row: target, column: grid.selection.active.column }, "replace");
  }

  #toggleBlanks(): void {
    this.#showsBlanks = !this.#showsBlanks;
    this.#grid?.grid.show({ blanks: this.#showsBlanks ? "marked" : "plain" });
    this.#draw();
  }

  #selectionChanged(): void {
    if (this.#grid === null) return;
    const { statementId, grid } = this.#grid;
    this.#summary = null;
    this.#host.send({ type: "select", pane: this.number, statementId, range: grid.selection.range });
    if (this.#detail.isOpen) this.#openDetail();
    this.#drawStatus();
  }

  #openDetail(): void {
    if (this.#grid === null) return;
    const { statementId, grid } = this.#grid;
    this.#host.send({ type: "cell", pane: this.number, statementId, ...grid.selection.active });
  }

  #closeDetail(): void {
    this.#detail.close();
    this.#grid?.grid.focus();
  }

  #key(event: KeyboardEvent): void {
    const isCommand = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
    const key = event.key.toLowerCase();
    if (this.#grid === null) return;
    if (isCommand && key === "f") this.#find.open("needle");
    else if (isCommand && key === "g") this.#find.open("row");
    else if (event.key === "Escape" && this.#find.isOpen) this.#find.close();
    else if (event.key === "Escape" && this.#detail.isOpen) this.#closeDetail();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #ask(
    type: "pin" | "unpin" | "compare" | "copyAs" | "export" | "openInEditor" | "reveal" | "stopLoading",
  ): void {
    this.#withId((statementId) => this.#host.send({ type, statementId }));
  }

  #withId(action: (statementId: number) => void): void {
    if (typeof this.#tab === "number") action(this.#tab);
  }
}
