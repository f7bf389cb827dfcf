import { commands, type Disposable, type Uri, type WebviewView, type WebviewViewProvider } from "vscode";
import type { PoolHostMessage, PoolViewMessage } from "../../../shared/protocol/pool.ts";
import { webviewPage, webviewRoot } from "../../vscode/webview-page.ts";
import type { PoolMonitor } from "./pool-monitor.ts";

/** The Pool Dashboard view; the monitor samples for it only while it shows. */
export class DashboardView implements WebviewViewProvider, Disposable {
  readonly #extensionUri: Uri;
  readonly #monitor: PoolMonitor;
  readonly #subscription: Disposable;
  #view: WebviewView | null = null;

  constructor(parts: { extensionUri: Uri; monitor: PoolMonitor }) {
    this.#extensionUri = parts.extensionUri;
    this.#monitor = parts.monitor;
    this.#subscription = parts.monitor.onDidChange(() => this.#send());
  }

  resolveWebviewView(view: WebviewView): void {
    this.#view = view;
    view.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(this.#extensionUri)] };
    view.webview.onDidReceiveMessage((message: PoolViewMessage) => this.#receive(message));
    view.onDidChangeVisibility(() => this.#follow(view));
    view.onDidDispose(() => {
      this.#view = null;
      this.#monitor.unwatch(this);
    });
    view.webview.html = webviewPage(view.webview, this.#extensionUri, {
      name: "pool",
      title: "Pool Dashboard",
    });
    this.#follow(view);
  }

  dispose(): void {
    this.#monitor.unwatch(this);
    this.#subscription.dispose();
  }

  #follow(view: WebviewView): void {
    if (view.visible) {
      this.#monitor.watch(this);
      this.#send();
    } else this.#monitor.unwatch(this);
  }

  #send(): void {
    if (this.#view?.visible !== true) return;
    const message: PoolHostMessage = {
      type: "snapshot",
      pools: this.#monitor.histories,
      windowMillis: this.#monitor.historyMillis,
      at: Date.now(),
    };
    void this.#view.webview.postMessage(message);
  }

  #receive(message: PoolViewMessage): void {
    if (message.type === "ready") this.#send();
    else if (message.type === "connect") void commands.executeCommand("rockpool.connect");
    else void commands.executeCommand(`rockpool.slot.${message.type}`, { slotId: message.slotId });
  }
}
