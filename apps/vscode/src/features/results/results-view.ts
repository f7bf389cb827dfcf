import {
  commands,
  type Disposable,
  l10n,
  Uri,
  ViewColumn,
  type Webview,
  type WebviewPanel,
  type WebviewPanelSerializer,
  type WebviewView,
  type WebviewViewProvider,
  window,
} from "vscode";
import type { Clock } from "../../model/database.ts";
import type { ResultStore } from "../../model/results/result-store.ts";
import { setContextKey } from "../../vscode/context-keys.ts";
import { resultsLocation } from "../../vscode/settings.ts";
import { webviewPage, webviewRoot } from "../../vscode/webview-page.ts";
import { type ResultsActions, ResultsChannel, type SelectedCells } from "./results-channel.ts";

const VIEW_ID = "rockpool.results";
/** The type of the tabs in the editor that show results. */
export const RESULTS_PANEL = "rockpool.resultsEditor";
/** Snapshots follow one another no faster than a display can show them. */
const REFRESH_MILLIS = 33;

interface OpenView {
  readonly channel: ResultsChannel;
  isVisible(): boolean;
}

/**
 * Where results show: the view Query Results, and tabs of the editor.
 *
 * The host holds all state: each time a view shows, it gets a complete snapshot.
 */
export class ResultsView implements WebviewViewProvider, WebviewPanelSerializer, Disposable {
  readonly #extensionUri: Uri;
  readonly #results: ResultStore;
  readonly #clock: Clock;
  readonly #open = new Set<OpenView>();
  #view: WebviewView | null = null;
  #mainPanel: WebviewPanel | null = null;
  #actions: ResultsActions | null = null;
  #stopRefresh: (() => void) | null = null;
  #selected: SelectedCells | null = null;

  constructor(parts: { extensionUri: Uri; results: ResultStore; clock: Clock }) {
    this.#extensionUri = parts.extensionUri;
    this.#results = parts.results;
    this.#clock = parts.clock;
  }

  /** The result in front and the cells marked in it; null where no view shows one. */
  get selected(): SelectedCells | null {
    const selected = this.#selected;
    return selected !== null && this.#results.statement(selected.statementId)?.kept ? selected : null;
  }

  set actions(actions: ResultsActions) {
    this.#actions = actions;
  }

  resolveWebviewView(view: WebviewView): void {
    this.#view = view;
    const open = this.#connect(view.webview, { isVisible: () => view.visible });
    view.onDidChangeVisibility(() => this.refresh());
    view.onDidDispose(() => {
      this.#view = null;
      this.#open.delete(open);
    });
  }

  async deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    this.#mainPanel ??= panel;
    this.#adopt(panel);
  }

  /** Brings the results to the front without taking the focus from the editor. */
  async show(): Promise<void> {
    if (resultsLocation() === "editor") this.#showPanel();
    else if (this.#view === null) await commands.executeCommand(`${VIEW_ID}.focus`, { preserveFocus: true });
    else this.#view.show(true);
  }

  /** Opens a tab of the editor with one result in front. */
  openInEditor(statementId: number, title: string): void {
    const panel = this.#createPanel(title, { viewColumn: ViewColumn.Beside, preserveFocus: false });
    this.#adopt(panel, statementId);
  }

  /** Shows another result in every view that is in sight. */
  bringToFront(statementId: number): void {
    for (const { channel, isVisible } of this.#open) {
      if (!isVisible()) continue;
      channel.sendSnapshot();
      channel.show(statementId);
    }
  }

  /** Sends a snapshot soon; many changes make one. */
  refresh(): void {
    setContextKey("hasResults", this.#results.run !== null || this.#results.pins.length > 0);
    this.#stopRefresh ??= this.#clock.after(REFRESH_MILLIS, () => {
      this.#stopRefresh = null;
      for (const { channel, isVisible } of this.#open) if (isVisible()) channel.sendSnapshot();
    });
  }

  dispose(): void {
    this.#stopRefresh?.();
    void this.#results.dispose();
  }

  #showPanel(): void {
    if (this.#mainPanel !== null) {
      this.#mainPanel.reveal(undefined, true);
      return;
    }
    this.#mainPanel = this.#createPanel(l10n.t("Query Results"), {
      viewColumn: ViewColumn.Beside,
      preserveFocus: true,
    });
    this.#adopt(this.#mainPanel);
  }

  #createPanel(title: string, place: { viewColumn: ViewColumn; preserveFocus: boolean }): WebviewPanel {
    return window.createWebviewPanel(RESULTS_PANEL, title, place, { enableScripts: true });
  }

  #adopt(panel: WebviewPanel, statementId: number | null = null): void {
    panel.iconPath = Uri.joinPath(this.#extensionUri, "media", "results-tab.svg");
    const open = this.#connect(panel.webview, { isVisible: () => panel.visible, statementId });
    panel.onDidChangeViewState(() => this.refresh());
    panel.onDidDispose(() => {
      if (this.#mainPanel === panel) this.#mainPanel = null;
      this.#open.delete(open);
    });
  }

  #connect(
    webview: Webview,
    { isVisible, statementId = null }: { isVisible: () => boolean; statementId?: number | null },
  ): OpenView {
    const actions = this.#actions;
    if (actions === null) throw new Error("bug: a view of results before its actions");
    webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(this.#extensionUri)] };
    let toShow = statementId;
    const channel = new ResultsChannel(webview, {
      results: this.#results,
      clock: this.#clock,
      actions,
      onSelect: (selected) => {
        this.#selected = selected;
      },
      onReady: () => {
        if (toShow !== null) channel.show(toShow);
        toShow = null;
      },
    });
    const open = { channel, isVisible };
    this.#open.add(open);
    webview.html = webviewPage(webview, this.#extensionUri, { name: "results", title: "Query Results" });
    return open;
  }
}
