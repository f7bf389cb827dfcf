import { commands, type Disposable, l10n, type Uri, type Webview } from "vscode";
import type { PoolHostMessage, PoolViewMessage, SlotAction } from "../../../shared/protocol/pool.ts";
import { DashboardSession } from "../../model/pool/dashboard-session.ts";
import type { PoolHistories } from "../../model/pool/pool-histories.ts";
import type { PoolMonitor } from "../../model/pool/pool-monitor.ts";
import type { PoolSources } from "../../model/pool/pool-source.ts";
import { webviewPage, webviewRoot } from "../../vscode/webview-page.ts";
import { exportPools } from "./dashboard-export.ts";
import { openPlace } from "./open-place.ts";

/** What every dashboard shows, and where its page is from. */
export interface DashboardParts {
  readonly extensionUri: Uri;
  readonly monitor: PoolMonitor;
  readonly sources: PoolSources;
  readonly histories: PoolHistories;
}

/** The page moves by itself in between; the next look makes up for what is left out. */
const UPDATE_MILLIS = 200;

const COMMANDS = {
  connect: "rockpool.connect",
  receive: "rockpool.receiver.start",
  openInEditor: "rockpool.pool.openInEditor",
} as const;

const SLOT_COMMANDS: Readonly<Record<SlotAction, string>> = {
  reveal: "rockpool.slot.reveal",
  cancel: "rockpool.slot.cancel",
  release: "rockpool.slot.release",
  terminate: "rockpool.backend.terminate",
  stack: "rockpool.leak.showStack",
};

/**
 * One dashboard, in the panel or in an editor tab.
 *
 * It is told something only while it shows, and everything when it shows again: what is sent to a hidden page is lost.
 */
export class DashboardPage implements Disposable {
  readonly #webview: Webview;
  readonly #parts: DashboardParts;
  readonly #session: DashboardSession;
  readonly #subscriptions: Disposable[];
  /** Which pool to show as soon as the page is there. */
  #wanted: string | null = null;
  #updatedAt = 0;

  constructor(webview: Webview, parts: DashboardParts) {
    this.#webview = webview;
    this.#parts = parts;
    const { sources, histories, monitor, extensionUri } = parts;
    const post = (message: PoolHostMessage): void => void webview.postMessage(message);
    this.#session = new DashboardSession({ sources, histories, post });
    webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(extensionUri)] };
    this.#subscriptions = [
      webview.onDidReceiveMessage((message: PoolViewMessage) => this.#receive(message)),
      monitor.onDidChange(() => this.#update()),
    ];
    webview.html = webviewPage(webview, extensionUri, { name: "pool", title: l10n.t("Pool Dashboard") });
  }

  /** The page has gone out of sight; when it comes back it is made anew, and says that it is ready. */
  hide(): void {
    this.#session.hide();
    this.#parts.monitor.unwatch(this);
  }

  /** Shows one pool. */
  select(pool: string): void {
    this.#wanted = pool;
    if (this.#session.isShown) this.#sendWanted();
  }

  dispose(): void {
    this.hide();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #show(): void {
    const { monitor, histories } = this.#parts;
    const at = Date.now();
    this.#session.show(histories.look(at), at);
    monitor.watch(this);
    this.#sendWanted();
  }

  #update(): void {
    const at = Date.now();
    if (!this.#session.isShown || Math.abs(at - this.#updatedAt) < UPDATE_MILLIS) return;
    this.#updatedAt = at;
    this.#session.update(this.#parts.histories.look(at), at);
  }

  #sendWanted(): void {
    if (this.#wanted === null) return;
    const message: PoolHostMessage = { type: "select", pool: this.#wanted };
    this.#wanted = null;
    void this.#webview.postMessage(message);
  }

  #receive(message: PoolViewMessage): void {
    switch (message.type) {
      case "ready":
        this.#show();
        return;
      case "details": {
        const details = this.#session.details(message.lane, message.acquired);
        if (details !== null) void this.#webview.postMessage(details);
        return;
      }
      case "open":
        void openPlace(message.place);
        return;
      case "export":
        void exportPools(this.#parts, message);
        return;
      case "command":
        void commands.executeCommand(COMMANDS[message.command]);
        return;
      case "slot": {
        const { action, pool, slotId } = message;
        void commands.executeCommand(SLOT_COMMANDS[action], { pool, slotId });
      }
    }
  }
}
