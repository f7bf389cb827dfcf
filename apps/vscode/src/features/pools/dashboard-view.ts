import { type Disposable, l10n, ViewColumn, type WebviewPanel, type WebviewView, window } from "vscode";
import { DashboardPage, type DashboardParts } from "./dashboard-page.ts";

const PANEL_TYPE = "rockpool.dashboardEditor";

/** Where the dashboard shows: in the panel or a side bar, and in one editor tab. */
export class Dashboards implements Disposable {
  readonly #parts: DashboardParts;
  readonly #subscriptions: Disposable[];
  #view: DashboardPage | null = null;
  #editor: { readonly panel: WebviewPanel; readonly page: DashboardPage } | null = null;

  constructor(parts: DashboardParts) {
    this.#parts = parts;
    this.#subscriptions = [
      window.registerWebviewViewProvider("rockpool.dashboard", {
        resolveWebviewView: (view) => this.#resolve(view),
      }),
      window.registerWebviewPanelSerializer(PANEL_TYPE, {
        deserializeWebviewPanel: async (panel) => this.#adopt(panel),
      }),
    ];
  }

  /** Shows a pool in the view that is there; the caller brings it into sight. */
  select(pool: string): void {
    this.#view?.select(pool);
  }

  openInEditor(pool: string | null): void {
    const title = l10n.t("Pool Dashboard");
    if (this.#editor === null) this.#adopt(window.createWebviewPanel(PANEL_TYPE, title, ViewColumn.Active));
    else this.#editor.panel.reveal();
    if (pool !== null) this.#editor?.page.select(pool);
  }

  dispose(): void {
    this.#view?.dispose();
    this.#editor?.panel.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #resolve(view: WebviewView): void {
    const page = new DashboardPage(view.webview, this.#parts);
    this.#view = page;
    view.onDidChangeVisibility(() => {
      if (!view.visible) page.hide();
    });
    view.onDidDispose(() => {
      page.dispose();
      if (this.#view === page) this.#view = null;
    });
  }

  #adopt(panel: WebviewPanel): void {
    const page = new DashboardPage(panel.webview, this.#parts);
    this.#editor = { panel, page };
    panel.onDidChangeViewState(() => {
      if (!panel.visible) page.hide();
    });
    panel.onDidDispose(() => {
      page.dispose();
      if (this.#editor?.page === page) this.#editor = null;
    });
  }
}
