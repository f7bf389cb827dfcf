import { basename } from "node:path/posix";
import {
  type Disposable,
  type Event,
  EventEmitter,
  l10n,
  type Memento,
  TabInputText,
  type TextDocument,
  type Uri,
  window,
} from "vscode";
import type { Clock, Database } from "../../model/database.ts";
import type { NamedSession } from "../../model/pool/pool-view.ts";
import { EditorSession } from "../../model/session/editor-session.ts";
import { keepCursorMillis } from "../../vscode/settings.ts";
import type { OpenConnection, OpenConnections } from "../connections/open-connections.ts";

const BINDINGS_KEY = "rockpool.editorBindings";

/** Which connection each editor uses, and the session that it has there. */
export class EditorSessions implements Disposable {
  readonly #sessions = new Map<string, NamedSession>();
  readonly #changed = new EventEmitter<void>();
  readonly #connections: OpenConnections;
  readonly #workspaceState: Memento;
  readonly #clock: Clock;
  readonly #subscriptions: Disposable[];
  #lastConnected: string | null = null;
  /** Fires when an editor took, kept or gave back a connection, and when it was bound to another pool. */
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(parts: { connections: OpenConnections; workspaceState: Memento; clock: Clock }) {
    this.#connections = parts.connections;
    this.#workspaceState = parts.workspaceState;
    this.#clock = parts.clock;
    this.#subscriptions = [
      parts.connections.onWillClose((database) => this.#forget(database)),
      parts.connections.onDidOpenOrClose(() => this.#changed.fire()),
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const { input } of closed) if (input instanceof TabInputText) this.#editorClosed(input.uri);
      }),
    ];
  }

  get all(): readonly NamedSession[] {
    return [...this.#sessions.values()];
  }

  /** The open connection that a document uses: its own, the only one, or the one connected last. */
  connectionOf(uri: Uri): OpenConnection | null {
    const bound = this.#bindings[uri.toString()];
    const { all } = this.#connections;
    const names = [bound, this.#lastConnected, all.length === 1 ? all[0]?.profile.name : undefined];
    for (const name of names) {
      const found = name === undefined || name === null ? null : this.#connections.get(name);
      if (found !== null) return found;
    }
    return all.at(-1) ?? null;
  }

  /** The document's session, where it has one. */
  find(uri: Uri): EditorSession | null {
    return this.#sessions.get(uri.toString())?.session ?? null;
  }

  /** The session whose lease is this connection of a pool, or that waits for one from the document. */
  holding(connectionId: string): NamedSession | null {
    return this.all.find(({ session }) => session.lease?.connectionId === connectionId) ?? null;
  }

  /** The document's session on the connection that it uses. */
  sessionFor(document: TextDocument, connection: OpenConnection): EditorSession {
    const key = document.uri.toString();
    const existing = this.#sessions.get(key);
    if (existing?.session.database === connection.database) return existing.session;
    void existing?.session.release();
    const session = new EditorSession({
      database: connection.database,
      path: key,
      clock: this.#clock,
      keepReaderMillis: keepCursorMillis,
      onChange: () => this.#changed.fire(),
    });
    this.#sessions.set(key, { session, editor: basename(document.uri.path), uri: key });
    return session;
  }

  /** Makes a document use a connection from now on; what it held on another one is given back. */
  async bind(uri: Uri, name: string): Promise<void> {
    this.#lastConnected = name;
    const key = uri.toString();
    await this.#workspaceState.update(BINDINGS_KEY, { ...this.#bindings, [key]: name });
    const session = this.#sessions.get(key)?.session;
    if (session !== undefined && session.database.name !== name) await session.release();
    this.#changed.fire();
  }

  bindActiveEditor(name: string): void {
    this.#lastConnected = name;
    const document = window.activeTextEditor?.document;
    if (document?.languageId === "sql") void this.bind(document.uri, name);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }

  get #bindings(): Readonly<Record<string, string>> {
    return this.#workspaceState.get(BINDINGS_KEY, {});
  }

  #forget(database: Database): void {
    for (const [key, { session }] of this.#sessions) {
      if (session.database !== database) continue;
      this.#sessions.delete(key);
      void session.release();
    }
  }

  /** A closed editor can hold nothing: its connection goes back, and the pool rolls back what was open. */
  #editorClosed(uri: Uri): void {
    const key = uri.toString();
    const named = this.#sessions.get(key);
    const isOpenElsewhere = window.tabGroups.all.some(({ tabs }) =>
      tabs.some(({ input }) => input instanceof TabInputText && input.uri.toString() === key),
    );
    if (named === undefined || isOpenElsewhere || named.session.isRunning) return;
    const wasOpen = (named.session.lease?.transactionStatus ?? "idle") !== "idle";
    this.#sessions.delete(key);
    void named.session.release();
    if (!wasOpen) return;
    const message = l10n.t("{0} was closed, so its open transaction was rolled back.", named.editor);
    void window.showWarningMessage(message);
  }
}
