import type {
  ResultsHostMessage,
  ResultsViewMessage,
  RunView,
  StatementView,
} from "../../shared/protocol/results.ts";
import { element, ICONS, icon } from "../shared/dom.ts";
import { formatDuration } from "../shared/format.ts";
import { Host } from "../shared/vscode-api.ts";
import { CellDetail } from "./cell-detail.ts";
import { emptyPage } from "./empty-page.ts";
import { Grid, type GridMemory } from "./grid/grid.ts";
import { drawMessages } from "./messages.ts";
import { summariseSelection } from "./selection-summary.ts";
import { drawStatusLine } from "./status-line.ts";
import { drawTabs, naturalTab, type TabId } from "./tabs.ts";

/** What the view remembers while it is hidden; the host remembers the rest. */
interface ViewState {
  readonly runId: number;
  readonly tab: TabId;
  readonly grid: GridMemory | null;
}

/** The Query Results view. Every snapshot of the host is complete, so drawing never depends on what came before. */
export class ResultsApp {
  readonly #host = new Host<ResultsViewMessage, ResultsHostMessage, ViewState>();
  readonly #root: HTMLElement;
  readonly #top = element("div", { className: "top" });
  readonly #content = element("section", { className: "content" });
  readonly #bottom = element("div", { className: "bottom" });
  readonly #detail = new CellDetail(() => this.#closeDetail());
  readonly #restored = this.#host.state;
  #run: RunView | null = null;
  #nullText = "NULL";
  #tab: TabId = "messages";
  #tabChosenFor = 0;
  #grid: { readonly statementId: number; readonly grid: Grid } | null = null;
  #runningSince: number | null = null;
  #clock: HTMLElement | null = null;
  #frame = 0;

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  start(): void {
    this.#root.className = "results";
    this.#root.append(this.#top, this.#content, this.#bottom);
    this.#host.onMessage((message) => this.#receive(message));
    this.#host.send({ type: "ready" });
    this.#draw();
  }

  #receive(message: ResultsHostMessage): void {
    if (message.type === "snapshot") {
      this.#takeSnapshot(message.run, message.nullText);
      return;
    }
    if (this.#grid?.statementId !== message.statementId) return;
    if (message.type === "rows") {
      this.#grid.grid.receive(message.start, message.rows);
      this.#drawBottom();
      return;
    }
    const { active } = this.#grid.grid.selection;
    const column = this.#grid.grid.columns[message.column];
    const isCurrent = active.row === message.row && active.column === message.column;
    if (!isCurrent || column === undefined) return;
    this.#detail.show(column, message, this.#nullText);
    this.#grid.grid.revealActive();
  }

  #takeSnapshot(run: RunView | null, nullText: string): void {
    const isRestored = this.#run === null && run !== null && run.id === this.#restored?.runId;
    this.#run = run;
    this.#nullText = nullText;
    this.#runningSince =
      run?.isRunning === true && run.elapsedMillis !== null ? performance.now() - run.elapsedMillis : null;
    if (run !== null && isRestored && this.#restored !== null) {
      this.#tab = this.#restored.tab;
      this.#tabChosenFor = run.isRunning ? 0 : run.id;
    } else if (run !== null && this.#tabChosenFor !== run.id) {
      this.#tab = naturalTab(run);
    }
    this.#draw();
  }

  get #statement(): StatementView | null {
    return this.#run?.statements.find(({ id }) => id === this.#tab) ?? null;
  }

  #draw(): void {
    const run = this.#run;
    if (run === null) {
      this.#drawEmpty();
      return;
    }
    this.#root.classList.toggle("running", run.isRunning);
    this.#drawTop(run);
    const statement = this.#statement;
    if (statement?.result) this.#drawGrid(statement);
    else this.#drawMessages(run);
    this.#drawBottom();
  }

  #drawEmpty(): void {
    this.#dropGrid();
    this.#root.classList.remove("running");
    this.#top.replaceChildren();
    this.#bottom.replaceChildren();
    this.#content.replaceChildren(emptyPage());
  }

  #drawTop(run: RunView): void {
    const hadFocus = this.#top.contains(document.activeElement);
    const tabs = drawTabs(run, this.#tab, (id) => this.#selectTab(id));
    this.#clock = element("span", { className: "elapsed" });
    const cancel = element(
      "button",
      {
        className: "cancel",
        title: "Cancel the statement on the server",
        attributes: { type: "button" },
        onClick: () => this.#host.send({ type: "cancel" }),
      },
      icon(ICONS.stop),
      "Cancel",
    );
    const running = run.isRunning ? [this.#clock, cancel] : [];
    this.#top.replaceChildren(
      element("div", { className: "progress", attributes: { "aria-hidden": "true" } }),
      tabs,
      element("div", { className: "run-state" }, ...running),
    );
    this.#showElapsed();
    if (hadFocus) tabs.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }

  #selectTab(id: TabId): void {
    this.#tab = id;
    this.#tabChosenFor = this.#run?.id ?? 0;
    this.#detail.close();
    this.#draw();
    this.#top.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
    this.#remember();
  }

  #drawMessages(run: RunView): void {
    this.#dropGrid();
    const { scrollTop } = this.#content.firstElementChild ?? { scrollTop: 0 };
    const list = drawMessages(run, (statementId) => this.#host.send({ type: "reveal", statementId }));
    this.#content.replaceChildren(list);
    list.scrollTop = scrollTop;
  }

  #drawGrid(statement: StatementView): void {
    if (statement.result === null) return;
    const existing = this.#grid?.statementId === statement.id ? this.#grid.grid : null;
    const grid = existing ?? this.#makeGrid(statement);
    if (existing === null) {
      this.#dropGrid();
      this.#grid = { statementId: statement.id, grid };
      this.#content.replaceChildren(grid.root, this.#detail.root);
    }
    grid.root.classList.toggle("no-rows", statement.result.rowCount === 0);
    grid.update(statement.result.rowCount, this.#nullText);
  }

  #makeGrid({ id, result, summary }: StatementView): Grid {
    const memory = this.#restored !== null && this.#restored.tab === id ? this.#restored.grid : null;
    return new Grid(
      {
        requestRows: (start, count) => this.#host.send({ type: "rows", statementId: id, start, count }),
        copy: (range, withHeaders) => this.#host.send({ type: "copy", statementId: id, range, withHeaders }),
        selected: () => this.#selectionChanged(),
        open: () => this.#openDetail(),
        changed: () => this.#remember(),
      },
      {
        columns: result?.columns ?? [],
        nullText: this.#nullText,
        charWidth: measureCharWidth(this.#root),
        label: `Rows of ${summary}`,
        memory: this.#run?.id === this.#restored?.runId ? memory : null,
      },
    );
  }

  #dropGrid(): void {
    this.#grid?.grid.dispose();
    this.#grid = null;
    this.#detail.close();
  }

  #selectionChanged(): void {
    if (this.#grid === null) return;
    const { statementId, grid } = this.#grid;
    this.#host.send({ type: "select", statementId, range: grid.selection.range });
    if (this.#detail.isOpen) this.#openDetail();
    this.#drawBottom();
  }

  #openDetail(): void {
    if (this.#grid === null) return;
    const { statementId, grid } = this.#grid;
    this.#host.send({ type: "cell", statementId, ...grid.selection.active });
  }

  #closeDetail(): void {
    this.#detail.close();
    this.#grid?.grid.focus();
  }

  #drawBottom(): void {
    const run = this.#run;
    if (run === null) return;
    const statement = this.#statement;
    const statementId = statement?.id ?? 0;
    const selection = this.#grid === null ? "" : summariseSelection(this.#grid.grid);
    this.#bottom.replaceChildren(
      drawStatusLine(run, statement, {
        selection,
        actions: {
          loadMore: () => this.#host.send({ type: "loadMore", statementId }),
          cancel: () => this.#host.send({ type: "cancel" }),
          reveal: () => this.#host.send({ type: "reveal", statementId }),
        },
      }),
    );
  }

  /** Follows the time with the display, so that it rests while the view is hidden, and ends with the run. */
  #showElapsed(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#clock === null || this.#runningSince === null) return;
    const text = formatDuration(performance.now() - this.#runningSince);
    if (this.#clock.textContent !== text) this.#clock.textContent = text;
    this.#frame = requestAnimationFrame(() => this.#showElapsed());
  }

  #remember(): void {
    if (this.#run === null) return;
    this.#host.state = { runId: this.#run.id, tab: this.#tab, grid: this.#grid?.grid.memory ?? null };
  }
}

/** The width of a digit in the grid's font. */
function measureCharWidth(parent: HTMLElement): number {
  const probe = element("span", { className: "probe", text: "0".repeat(100) });
  parent.append(probe);
  const width = probe.getBoundingClientRect().width / 100;
  probe.remove();
  return width || 7;
}
