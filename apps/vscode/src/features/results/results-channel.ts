import type { Webview } from "vscode";
import type {
  CellRange,
  ResultsHostMessage,
  ResultsViewMessage,
  RowsRequest,
} from "../../../shared/protocol/results.ts";
import type { Clock } from "../../model/database.ts";
import type { ResultStore } from "../../model/results/result-store.ts";
import { Slices } from "../../model/results/slices.ts";
import { RowsGoneError } from "../../model/results/table/row-table.ts";
import { nullText } from "../../vscode/settings.ts";
import { copyRange } from "./copy-as.ts";

/** The result in front of a view and the cells marked in it. */
export interface SelectedCells {
  readonly statementId: number;
  readonly range: CellRange | null;
}

/** What the view asks for and others do. */
export interface ResultsActions {
  load(statementId: number, amount: "page" | "all"): Promise<void>;
  stopLoading(statementId: number): Promise<void>;
  reveal(statementId: number): Promise<void>;
  copyAs(statementId: number): Promise<void>;
  export(statementId: number): Promise<void>;
  compare(statementId: number): Promise<void>;
  pin(statementId: number): void;
  unpin(statementId: number): void;
  openInEditor(statementId: number): void;
  /** Something that is remembered over a reload has changed. */
  remember(): Promise<void>;
  runAgain(statementIds: readonly number[]): Promise<void>;
  cancel(): void;
}

interface Parts {
  readonly results: ResultStore;
  readonly clock: Clock;
  readonly actions: ResultsActions;
  readonly onSelect: (selected: SelectedCells) => void;
  readonly onReady: () => void;
}

type Message<T extends ResultsViewMessage["type"]> = Extract<ResultsViewMessage, { type: T }>;

/** The conversation with one webview that shows results. */
export class ResultsChannel {
  readonly #webview: Webview;
  readonly #parts: Parts;
  #summing: AbortController | null = null;

  constructor(webview: Webview, parts: Parts) {
    this.#webview = webview;
    this.#parts = parts;
    webview.onDidReceiveMessage((message: ResultsViewMessage) => {
      this.#receive(message).catch(unlessRowsAreGone);
    });
  }

  sendSnapshot(): void {
    const { results, clock } = this.#parts;
    const run = results.run?.view(clock.now()) ?? null;
    this.#send({ type: "snapshot", run, pins: results.pinViews, nullText: nullText() });
  }

  show(statementId: number): void {
    this.#send({ type: "show", statementId });
  }

  async #receive(message: ResultsViewMessage): Promise<void> {
    const { actions, results } = this.#parts;
    switch (message.type) {
      case "ready":
        this.sendSnapshot();
        return this.#parts.onReady();
      case "rows":
        return this.#sendRows(message);
      case "cell":
        return this.#sendCell(message);
      case "record":
        return this.#sendRecord(message);
      case "select":
        return this.#select(message);
      case "find":
        return this.#find(message);
      case "arrange":
        return this.#arrange(message);
      case "copy":
        return copyRange(results, message);
      case "load":
        return actions.load(message.statementId, message.amount);
      case "runAgain":
        return actions.runAgain(message.statementIds);
      case "rendered":
        results.statement(message.statementId)?.rendered(message.millis);
        return results.changed();
      case "cancel":
        return actions.cancel();
      default:
        return actions[message.type](message.statementId);
    }
  }

  async #sendRows({ type, count, ...request }: RowsRequest & { type: "rows" }): Promise<void> {
    const { results } = this.#parts;
    if (results.statement(request.statementId)?.kept?.version !== request.version) return;
    const rows = await results.window(request.statementId, { ...request, count });
    this.#send({ type, ...request, rows });
  }

  async #sendCell({ pane, statementId, row, column }: Message<"cell">): Promise<void> {
    const cell = await this.#parts.results.cell(statementId, row, column);
    this.#send({ type: "cell", pane, statementId, row, column, ...cell });
  }

  async #sendRecord({ pane, statementId, row }: Message<"record">): Promise<void> {
    const all = { firstColumn: 0, columnCount: Number.MAX_SAFE_INTEGER };
    const [values = []] = await this.#parts.results.window(statementId, { start: row, count: 1, ...all });
    this.#send({ type: "record", pane, statementId, row, values });
  }

  async #select({ pane, statementId, range }: Message<"select">): Promise<void> {
    this.#parts.onSelect({ statementId, range });
    this.#summing?.abort();
    const kept = this.#parts.results.statement(statementId)?.kept;
    if (!kept || range === null || isOneCell(range)) return;
    const summing = new AbortController();
    this.#summing = summing;
    try {
      const summary = await kept.summarise(range, new Slices(summing.signal));
      this.#send({ type: "summary", pane, statementId, summary });
    } catch (error) {
      if (!summing.signal.aborted) throw error;
    }
  }

  async #find({ pane, statementId, needle, from, direction }: Message<"find">): Promise<void> {
    const found = await this.#parts.results.statement(statementId)?.kept?.find(needle);
    if (!found) return;
    const { count, isCut } = found;
    this.#send({ type: "found", pane, statementId, needle, count, isCut, at: found.step(from, direction) });
  }

  async #arrange({ statementId, arrangement }: Message<"arrange">): Promise<void> {
    const { results, actions } = this.#parts;
    const arranging = results.statement(statementId)?.kept?.arrange(arrangement);
    results.changed();
    await arranging;
    results.changed();
    await actions.remember();
  }

  #send(message: ResultsHostMessage): void {
    void this.#webview.postMessage(message);
  }
}

/** A view that asked for rows which another run has replaced is told of that run anyway. */
function unlessRowsAreGone(error: unknown): void {
  if (!(error instanceof RowsGoneError)) throw error;
}

export function isOneCell({ firstRow, lastRow, firstColumn, lastColumn }: CellRange): boolean {
  return firstRow === lastRow && firstColumn === lastColumn;
}
