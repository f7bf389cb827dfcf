import {
  commands,
  type Disposable,
  env,
  Range,
  Uri,
  type Webview,
  type WebviewView,
  type WebviewViewProvider,
  window,
  workspace,
} from "vscode";
import type { CellRange, ResultsHostMessage, ResultsViewMessage } from "../../../shared/protocol/results.ts";
import type { Clock } from "../../model/database.ts";
import { toTsv } from "../../model/results/formats.ts";
import type { ResultStore } from "../../model/results/result-store.ts";
import { setContextKey } from "../../vscode/context-keys.ts";
import { nullText } from "../../vscode/settings.ts";
import { webviewPage, webviewRoot } from "../../vscode/webview-page.ts";

/** What the view does not do itself. */
export interface ResultsActions {
  loadMore(statementId: number): Promise<void>;
  cancel(): void;
}

const VIEW_ID = "rockpool.results";
/** Snapshots follow one another no faster than a display can show them. */
const REFRESH_MILLIS = 33;

/** The Query Results view. The host holds all state: each time the view shows, it gets a complete snapshot. */
export class ResultsView implements WebviewViewProvider, Disposable {
  readonly #extensionUri: Uri;
  readonly #results: ResultStore;
  readonly #clock: Clock;
  #view: WebviewView | null = null;
  #actions: ResultsActions | null = null;
  #stopRefresh: (() => void) | null = null;
  #selected: { statementId: number; range: CellRange | null } | null = null;

  constructor(parts: { extensionUri: Uri; results: ResultStore; clock: Clock }) {
    this.#extensionUri = parts.extensionUri;
    this.#results = parts.results;
    this.#clock = parts.clock;
  }

  /** The result in front and the cells marked in it; null where the view shows none. */
  get selected(): { statementId: number; range: CellRange | null } | null {
    const selected = this.#selected;
    return selected !== null && this.#results.statement(selected.statementId)?.kept ? selected : null;
  }

  set actions(actions: ResultsActions) {
    this.#actions = actions;
  }

  resolveWebviewView(view: WebviewView): void {
    this.#view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(this.#extensionUri)] };
    view.webview.onDidReceiveMessage((message: ResultsViewMessage) => this.#receive(message, view.webview));
    view.onDidChangeVisibility(() => this.refresh());
    view.onDidDispose(() => {
      this.#view = null;
    });
    view.webview.html = webviewPage(view.webview, this.#extensionUri, {
      name: "results",
      title: "Query Results",
    });
  }

  /** Brings the view to the front without taking the focus from the editor. */
  async show(): Promise<void> {
    if (this.#view === null) await commands.executeCommand(`${VIEW_ID}.focus`, { preserveFocus: true });
    else this.#view.show(true);
  }

  /** Sends a snapshot soon; many changes make one. */
  refresh(): void {
    setContextKey("hasResults", this.#results.run !== null);
    this.#stopRefresh ??= this.#clock.after(REFRESH_MILLIS, () => {
      this.#stopRefresh = null;
      this.#sendSnapshot();
    });
  }

  dispose(): void {
    this.#stopRefresh?.();
  }

  #sendSnapshot(): void {
    const { run } = this.#results;
    if (this.#view?.visible !== true) return;
    const view = run?.view(this.#clock.now()) ?? null;
    send(this.#view.webview, { type: "snapshot", run: view, nullText: nullText() });
  }

  #receive(message: ResultsViewMessage, webview: Webview): void {
    switch (message.type) {
      case "ready":
        this.#sendSnapshot();
        break;
      case "rows":
        this.#sendRows(message, webview);
        break;
      case "cell":
        this.#sendCell(message, webview);
        break;
      case "select":
        this.#selected = { statementId: message.statementId, range: message.range };
        break;
      case "copy":
        void this.#copy(message);
        break;
      case "reveal":
        void this.#reveal(message.statementId);
        break;
      case "loadMore":
        void this.#actions?.loadMore(message.statementId);
        break;
      case "cancel":
        this.#actions?.cancel();
        break;
    }
  }

  #sendRows(request: { statementId: number; start: number; count: number }, webview: Webview): void {
    const { statementId, start, count } = request;
    const rows = this.#results.window(statementId, start, count);
    send(webview, { type: "rows", statementId, start, rows });
  }

  #sendCell(request: { statementId: number; row: number; column: number }, webview: Webview): void {
    const { statementId, row, column } = request;
    send(webview, {
      type: "cell",
      statementId,
      row,
      column,
      ...this.#results.cell(statementId, row, column),
    });
  }

  async #copy(message: { statementId: number; range: CellRange; withHeaders: boolean }): Promise<void> {
    const slice = this.#results.slice(message.statementId, message.range);
    if (slice !== null) await env.clipboard.writeText(toTsv(slice, { withHeaders: message.withHeaders }));
  }

  async #reveal(statementId: number): Promise<void> {
    const statement = this.#results.statement(statementId);
    if (statement === null || statement.origin.offset === Number.MAX_SAFE_INTEGER) return;
    const document = await workspace.openTextDocument(Uri.parse(statement.origin.uri));
    const { failedAt, origin, text } = statement;
    const start = document.positionAt(origin.offset);
    const end = document.positionAt(origin.offset + text.length);
    const at = failedAt && document.validatePosition(start.with(failedAt.line - 1, failedAt.column - 1));
    await window.showTextDocument(document, { selection: at ? new Range(at, at) : new Range(start, end) });
  }
}

function send(webview: Webview, message: ResultsHostMessage): void {
  void webview.postMessage(message);
}
