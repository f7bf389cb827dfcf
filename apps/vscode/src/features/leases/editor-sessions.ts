import { basename } from "node:path/posix";
import {
  type Disposable,
  type Event,
  EventEmitter,
  type Memento,
  type TextDocument,
  Uri,
  window,
} from "vscode";
import type { Clock, Database } from "../../model/database.ts";
import type { NamedSession } from "../../model/pool/pool-view.ts";
import { EditorBindings } from "../../model/session/editor-bindings.ts";
import { EditorSession } from "../../model/session/editor-session.ts";
import type { SessionLoss, SessionMode } from "../../model/session/session-request.ts";
import { keepCursorMillis, sessionMode } from "../../vscode/settings.ts";
import type { OpenConnection, OpenConnections } from "../connections/open-connections.ts";

/** Which connection each editor uses, and the session that it has there. */
export class EditorSessions implements Disposable {
  readonly #sessions = new Map<string, NamedSession>();
  readonly #changed = new EventEmitter<void>();
  readonly #lost = new EventEmitter<{ named: NamedSession; loss: SessionLoss }>();
  readonly #connections: OpenConnections;
  readonly #bindings: EditorBindings;
  readonly #clock: Clock;
  readonly #subscriptions: Disposable[];
  #lastConnected: string | null = null;
  /** Fires when an editor took, kept or gave back a connection, and when it was bound to another pool. */
  readonly onDidChange: Event<void> = this.#changed.event;
  /** Fires when a session has lost what it carried. */
  readonly onDidLose: Event<{ named: NamedSession; loss: SessionLoss }> = this.#lost.event;

  constructor(parts: { connections: OpenConnections; workspaceState: Memento; clock: Clock }) {
    this.#connections = parts.connections;
    this.#bindings = new EditorBindings(parts.workspaceState);
    this.#clock = parts.clock;
    this.#subscriptions = [
      parts.connections.onWillClose((database) => this.#forget(database)),
      parts.connections.onDidOpenOrClose(() => this.#changed.fire()),
    ];
  }

  get all(): readonly NamedSession[] {
    return [...this.#sessions.values()];
  }

  /** The name of the connection that was chosen for a document; null where none was, or where it is to have none. */
  chosenConnection(uri: Uri): string | null {
    return this.#bindings.connectionOf(uri.toString()) || null;
  }

  /**
   * The open connection that a document uses: the one that its session is on, else the one chosen for it, else the one
   * connected last. A document whose connection is closed, or that is to have none, never falls back on another one.
   */
  connectionOf(uri: Uri): OpenConnection | null {
    const { all } = this.#connections;
    const held = this.find(uri);
    if (held?.lease) return all.find(({ database }) => database === held.database) ?? null;
    const chosen = this.#bindings.connectionOf(uri.toString());
    if (chosen !== null) return this.#connections.get(chosen);
    const last = this.#lastConnected === null ? null : this.#connections.get(this.#lastConnected);
    return last ?? all.at(-1) ?? null;
  }

  /** The documents that are to have no connection. */
  get unbound(): readonly string[] {
    return this.#bindings.unbound;
  }

  /** The document's session, where it has one. */
  find(uri: Uri): EditorSession | null {
    return this.named(uri)?.session ?? null;
  }

  named(uri: Uri): NamedSession | null {
    return this.#sessions.get(uri.toString()) ?? null;
  }

  /** The session whose lease is this connection of a pool. */
  holding(connectionId: string): NamedSession | null {
    return this.all.find(({ session }) => session.lease?.connectionId === connectionId) ?? null;
  }

  /** The document's session on the connection that it uses, which is the document's own from now on. */
  sessionFor(document: TextDocument, connection: OpenConnection): EditorSession {
    const { uri } = document;
    if (this.#bindings.connectionOf(uri.toString()) === null)
      void this.#bindings.bind(uri.toString(), connection.profile.name);
    const existing = this.find(uri);
    if (existing?.database === connection.database) return existing;
    void existing?.release();
    return this.#open(uri, connection.database);
  }

  modeOf(uri: Uri): SessionMode {
    return this.#bindings.modeOf(uri.toString()) ?? sessionMode(uri);
  }

  /** Changes how a document's session behaves; a connection that is kept for no other reason goes back. */
  async setMode(uri: Uri, mode: SessionMode): Promise<void> {
    await this.#bindings.setMode(uri.toString(), mode);
    const session = this.find(uri);
    if (session !== null && !session.isRunning) await session.settle();
    this.#changed.fire();
  }

  /** Makes a document use a connection from now on, or none; what it held on another one is given back. */
  async bind(uri: Uri, name: string | null): Promise<void> {
    if (name !== null) this.#lastConnected = name;
    await this.#bindings.bind(uri.toString(), name ?? "");
    const session = this.find(uri);
    if (session !== null && session.database.name !== name) await session.release();
    this.#changed.fire();
  }

  bindActiveEditor(name: string): void {
    this.#lastConnected = name;
    const document = window.activeTextEditor?.document;
    if (document?.languageId !== "sql") return;
    if (this.find(document.uri)?.lease == null) void this.bind(document.uri, name);
  }

  /** A connection goes by another name from now on; the documents that use it stay with it. */
  async renameConnection(from: string, to: string): Promise<void> {
    if (this.#lastConnected === from) this.#lastConnected = to;
    await this.#bindings.renameConnection(from, to);
    this.#changed.fire();
  }

  /** A document goes by another name from now on; its session and what was chosen for it go with it. */
  async move(from: Uri, to: Uri): Promise<void> {
    const named = this.named(from);
    this.#sessions.delete(from.toString());
    if (named !== null)
      this.#sessions.set(to.toString(), { ...named, editor: nameOf(to), uri: to.toString() });
    await this.#bindings.move(from.toString(), to.toString());
    this.#changed.fire();
  }

  /** Ends a document's session; whatever it carried is gone. */
  async end(uri: Uri): Promise<void> {
    const session = this.find(uri);
    this.#sessions.delete(uri.toString());
    await session?.release();
    this.#changed.fire();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
    this.#lost.dispose();
  }

  #open(uri: Uri, database: Database): EditorSession {
    const key = uri.toString();
    const current = () => this.all.find((named) => named.session === session) ?? null;
    const session = new EditorSession({
      database,
      path: () => current()?.uri ?? key,
      clock: this.#clock,
      keepReaderMillis: keepCursorMillis,
      mode: () => this.modeOf(Uri.parse(current()?.uri ?? key)),
      onChange: () => this.#changed.fire(),
      onLoss: (loss) => {
        const named = current();
        if (named !== null) this.#lost.fire({ named, loss });
      },
    });
    this.#sessions.set(key, { session, editor: nameOf(uri), uri: key });
    return session;
  }

  #forget(database: Database): void {
    for (const [key, { session }] of this.#sessions) {
      if (session.database !== database) continue;
      this.#sessions.delete(key);
      void session.release();
    }
  }
}

function nameOf(uri: Uri): string {
  return basename(uri.path);
}
