import type {
  PinView,
  ResultsHostMessage,
  ResultsViewMessage,
  RunView,
  StatementView,
} from "../../shared/protocol/results.ts";
import { element, ICONS, icon } from "../shared/dom.ts";
import { formatDuration } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";
import { Host } from "../shared/vscode-api.ts";
import { emptyPage } from "./empty-page.ts";
import type { GridMemory } from "./grid/grid-host.ts";
import { Pane } from "./pane.ts";
import { announcementOf } from "./run-announcement.ts";
import type { TabId } from "./tabs.ts";

/** Grids that are remembered; the oldest is forgotten first. */
const MAX_REMEMBERED = 30;

interface RememberedGrid {
  /** Whose rows they were; null where that is not known any more. */
  readonly statementId: number | null;
  readonly grid: GridMemory;
}

/** What the view remembers while it is hidden; the host remembers the rest. */
interface ViewState {
  readonly runId: number;
  readonly tabs: readonly TabId[];
  readonly grids: Readonly<Record<string, RememberedGrid>>;
}

/** The results view. Every snapshot of the host is complete, so drawing never depends on what came before. */
export class ResultsApp {
  readonly #host = new Host<ResultsViewMessage, ResultsHostMessage, ViewState>();
  readonly #root: HTMLElement;
  readonly #panesRoot = element("div", { className: "panes" });
  readonly #empty = element("div", { className: "content" }, emptyPage());
  readonly #live = element("div", { className: "sr-only", attributes: { "aria-live": "polite" } });
  readonly #clock = element("span", { className: "elapsed" });
  readonly #cancel: HTMLElement;
  readonly #restored = this.#host.state;
  #panes: Pane[] = [];
  #grids: Readonly<Record<string, RememberedGrid>> = {};
  #run: RunView | null = null;
  #pins: readonly PinView[] = [];
  #nullText = "NULL";
  #hasSnapshot = false;
  /** The run whose end a screen reader has been told of. */
  #announced: number | null = null;
  #charWidth = 7;
  #runningSince: number | null = null;
  #frame = 0;

  constructor(root: HTMLElement) {
    this.#root = root;
    this.#cancel = element(
      "button",
      {
        className: "cancel",
        title: l10n.t("Cancel the statement on the server"),
        attributes: { type: "button" },
        onClick: () => this.#host.send({ type: "cancel" }),
      },
      icon(ICONS.stop),
      l10n.t("Cancel"),
    );
  }

  start(): void {
    this.#root.className = "results";
    const progress = element("div", { className: "progress", attributes: { "aria-hidden": "true" } });
    const heading = element("h1", { className: "sr-only", text: l10n.t("Query Results") });
    this.#root.append(heading, progress, this.#panesRoot, this.#empty);
    // Beside what shows, which says the same in its own place.
    document.body.append(this.#live);
    this.#charWidth = measureCharWidth(this.#root);
    this.#grids = this.#restored?.grids ?? {};
    this.#host.onMessage((message) => this.#receive(message));
    this.#host.send({ type: "ready" });
    this.#draw();
  }

  #receive(message: ResultsHostMessage): void {
    switch (message.type) {
      case "snapshot":
        this.#takeSnapshot(message);
        break;
      case "rows":
        for (const pane of this.#panes) pane.receiveRows(message);
        break;
      case "cell":
        this.#panes[message.pane]?.receiveCell(message);
        break;
      case "record":
        this.#panes[message.pane]?.receiveRecord(message);
        break;
      case "summary":
        this.#panes[message.pane]?.receiveSummary(message);
        break;
      case "found":
        this.#panes[message.pane]?.receiveFound(message);
        break;
      case "show":
        this.#panes[0]?.select(message.statementId, "none");
        break;
    }
  }

  #takeSnapshot({ run, pins, nullText }: Extract<ResultsHostMessage, { type: "snapshot" }>): void {
    this.#run = run;
    this.#pins = pins;
    this.#nullText = nullText;
    this.#runningSince =
      run?.isRunning === true && run.elapsedMillis !== null ? performance.now() - run.elapsedMillis : null;
    const isFirst = !this.#hasSnapshot;
    this.#hasSnapshot = true;
    if (isFirst && run?.hasRows === false) this.#forgetNumbers();
    const tabs = this.#restored?.tabs ?? [];
    const count = isFirst ? Math.max(1, tabs.length) : Math.max(1, this.#panes.length);
    this.#setPanes(count);
    this.#draw();
    this.#announceEnd(isFirst);
    if (isFirst && run !== null && !run.isRunning && run.id === this.#restored?.runId) {
      for (const [index, tab] of tabs.entries()) this.#panes[index]?.select(tab, "none");
    }
  }

  /** Once for each run; what had ended before the view was there is no news. */
  #announceEnd(isFirst: boolean): void {
    const run = this.#run;
    if (run === null || run.isRunning || run.id === this.#announced) return;
    this.#announced = run.id;
    if (!isFirst && run.hasRows) this.#live.textContent = announcementOf(run);
  }

  #setPanes(count: number): void {
    while (this.#panes.length < count) {
      const pane = new Pane(this.#panes.length, {
        send: (message) => this.#host.send(message),
        announce: (text) => {
          this.#live.textContent = text;
        },
        split: (number) => this.#split(number),
        remember: () => this.#remember(),
        recall: (statement) => this.#recall(statement),
        charWidth: this.#charWidth,
      });
      this.#panes.push(pane);
      this.#panesRoot.append(pane.root);
    }
    for (const surplus of this.#panes.splice(count)) surplus.dispose();
  }

  /** Opens a second side, or closes one: the first side then shows what the other one showed. */
  #split(number: number): void {
    const other = this.#panes[1 - number]?.tab;
    this.#setPanes(this.#panes.length === 1 ? 2 : 1);
    this.#draw();
    if (this.#panes.length === 1 && other !== undefined) this.#panes[0]?.select(other);
    this.#remember();
  }

  #draw(): void {
    const run = this.#run;
    const isEmpty = run === null && this.#pins.length === 0;
    this.#panesRoot.hidden = isEmpty;
    this.#empty.hidden = !isEmpty;
    this.#root.classList.toggle("running", run?.isRunning === true);
    this.#panes.forEach((pane, index) => {
      const split = this.#panes.length === 1 ? "one" : index === 0 ? "first" : "second";
      pane.update({ run, pins: this.#pins, nullText: this.#nullText, split });
    });
    const corner = this.#panes[0]?.corner;
    if (run?.isRunning !== true) corner?.replaceChildren();
    else if (corner?.childElementCount === 0) corner.append(this.#clock, this.#cancel);
    this.#showElapsed();
  }

  /** Follows the time with the display, so that it rests while the view is hidden, and ends with the run. */
  #showElapsed(): void {
    cancelAnimationFrame(this.#frame);
    if (this.#runningSince === null) return;
    const text = formatDuration(performance.now() - this.#runningSince);
    if (this.#clock.textContent !== text) this.#clock.textContent = text;
    this.#frame = requestAnimationFrame(() => this.#showElapsed());
  }

  /** A statement that is run again finds its widths; its place too, where its rows were only gone for a while. */
  #recall(statement: StatementView): GridMemory | null {
    const known = this.#grids[keyOf(statement)];
    if (known === undefined) return null;
    const isSame = known.statementId === statement.id || known.statementId === null;
    const start = { row: 0, column: 0 };
    return isSame ? known.grid : { ...known.grid, top: 0, left: 0, active: start, anchor: start };
  }

  /** After the window was reloaded the same statements have other numbers. */
  #forgetNumbers(): void {
    const grids = Object.entries(this.#grids).map(
      ([key, { grid }]) => [key, { statementId: null, grid }] as const,
    );
    this.#grids = Object.fromEntries(grids);
  }

  #remember(): void {
    for (const pane of this.#panes) {
      const memory = pane.memory;
      if (memory === null) continue;
      const { [keyOf(memory.statement)]: _, ...others } = this.#grids;
      const kept = Object.entries(others).slice(1 - MAX_REMEMBERED);
      this.#grids = {
        ...Object.fromEntries(kept),
        [keyOf(memory.statement)]: { statementId: memory.statement.id, grid: memory.grid },
      };
    }
    const tabs = this.#panes.map(({ tab }) => tab);
    this.#host.state = { runId: this.#run?.id ?? 0, tabs, grids: this.#grids };
  }
}

function keyOf({ line, summary }: StatementView): string {
  return `${line} ${summary}`;
}

/** The width of a digit in the grid's font. */
function measureCharWidth(parent: HTMLElement): number {
  const probe = element("span", { className: "probe", text: "0".repeat(100) });
  parent.append(probe);
  const width = probe.getBoundingClientRect().width / 100;
  probe.remove();
  return width || 7;
}
