import type { PinView, RunView, StatementView } from "../../shared/protocol/results.ts";
import { element } from "../shared/dom.ts";
import { l10n } from "../shared/l10n.ts";
import type { GridMemory } from "./grid/grid-host.ts";
import { drawMessages, goneNotice } from "./messages.ts";
import { ResultTools } from "./result-tools.ts";
import { type Message, type ResultHost, ShownResult } from "./shown-result.ts";
import { StatusLine } from "./status-line.ts";
import { naturalTab, type TabId, Tabs } from "./tabs.ts";

/** What a pane asks of the view. */
export interface PaneHost extends ResultHost {
  /** Splits the view, or closes this side of it. */
  split(pane: number): void;
}

export interface PaneSnapshot {
  readonly run: RunView | null;
  readonly pins: readonly PinView[];
  readonly nullText: string;
  readonly split: "one" | "first" | "second";
}

/** One side of the view: tabs, the result in front, and the line under it. */
export class Pane {
  readonly root: HTMLElement;
  readonly number: number;
  /** Where the state of a run goes: the first pane shows it. */
  readonly corner = element("div", { className: "run-state" });
  readonly #host: PaneHost;
  readonly #tabs: Tabs;
  readonly #tools: ResultTools;
  readonly #result: ShownResult;
  readonly #content = element("section", { className: "content" });
  readonly #status: StatusLine;
  #snapshot: PaneSnapshot = { run: null, pins: [], nullText: "NULL", split: "one" };
  #tab: TabId = "messages";
  #tabChosenFor = 0;
  #messages = "";

  constructor(number: number, host: PaneHost) {
    this.number = number;
    this.#host = host;
    this.#result = new ShownResult(number, host, () => this.#drawStatus());
    this.#tabs = new Tabs({
      select: (id) => this.select(id),
      unpin: (id) => host.send({ type: "unpin", statementId: id }),
    });
    this.#tools = new ResultTools({
      find: () => this.#result.find.open("needle"),
      blanks: () => {
        this.#result.toggleBlanks();
        this.#draw();
      },
      pin: () => this.#ask(this.#isPinned ? "unpin" : "pin"),
      compare: () => this.#ask("compare"),
      copyAs: () => this.#ask("copyAs"),
      export: () => this.#ask("export"),
      openInEditor: () => this.#ask("openInEditor"),
      split: () => host.split(number),
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
      { className: "pane", attributes: { "aria-label": l10n.t("Results {0}", number + 1) } },
      top,
      this.#result.find.root,
      this.#result.arrangement,
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
    const [statement, grid] = [this.#statement, this.#result.memory];
    return statement === null || grid === null ? null : { statement, grid };
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
    this.#result.receiveRows(message);
  }

  receiveCell(message: Message<"cell">): void {
    this.#result.receiveCell(message);
  }

  receiveRecord(message: Message<"record">): void {
    this.#result.receiveRecord(message);
  }

  receiveSummary(message: Message<"summary">): void {
    this.#result.receiveSummary(message);
  }

  receiveFound(message: Message<"found">): void {
    this.#result.receiveFound(message);
  }

  dispose(): void {
    this.#result.drop();
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
    this.#tools.update({ hasRows, isPinned: this.#isPinned, showsBlanks: this.#result.showsBlanks, split });
    if (statement?.result) this.#drawRows(statement);
    else this.#drawWithoutRows(run, statement);
    this.#drawStatus();
  }

  #drawStatus(): void {
    const { title = "", connectionName = "", statement = null } = this.#source ?? {};
    const fallback = this.#snapshot.run?.connectionName ?? "";
    this.#status.update({
      statement,
      summary: this.#result.summary,
      title,
      connectionName: connectionName || fallback,
    });
  }

  #drawWithoutRows(run: RunView | null, statement: StatementView | null): void {
    this.#result.drop();
    const messages = JSON.stringify([run?.statements, statement]);
    if (messages === this.#messages) return;
    this.#messages = messages;
    const { scrollTop } = this.#content.firstElementChild ?? { scrollTop: 0 };
    const runAgain = (statementIds: readonly number[]) => this.#host.send({ type: "runAgain", statementIds });
    if (statement !== null && this.#tab !== "messages") {
      const text = l10n.t("The rows of {0} are gone, since the window was reloaded.", statement.summary);
      this.#content.replaceChildren(goneNotice(text, () => runAgain([statement.id])));
    } else if (run !== null) {
      const reveal = (statementId: number) => this.#host.send({ type: "reveal", statementId });
      const list = drawMessages(run, { reveal, runAgain });
      this.#content.replaceChildren(list);
      list.scrollTop = scrollTop;
    }
  }

  #drawRows(statement: StatementView): void {
    this.#messages = "";
    this.#result.show(statement, this.#content, this.#snapshot.nullText);
  }

  #key(event: KeyboardEvent): void {
    if (!this.#result.key(event)) return;
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
