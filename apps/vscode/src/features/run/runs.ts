import { basename } from "node:path/posix";
import {
  type Disposable,
  type Event,
  EventEmitter,
  type LogOutputChannel,
  l10n,
  type TextDocument,
  type Uri,
  window,
} from "vscode";
import type { Clock } from "../../model/database.ts";
import { describeFailure } from "../../model/failure.ts";
import type { NewStatement, ResultStore } from "../../model/results/result-store.ts";
import type { RunRecord } from "../../model/results/run-record.ts";
import type { StatementRecord } from "../../model/results/statement-record.ts";
import type { EditorSession } from "../../model/session/editor-session.ts";
import { type RunSettings, runSettings } from "../../vscode/settings.ts";
import type { OpenConnection } from "../connections/open-connections.ts";
import type { EditorSessions } from "../leases/editor-sessions.ts";
import type { ResultsView } from "../results/results-view.ts";
import type { ErrorDiagnostics } from "./error-diagnostics.ts";

/** A run that is under way. */
export interface ActiveRun {
  readonly document: TextDocument;
  readonly connectionName: string;
  readonly startedAt: number;
  readonly abort: AbortController;
  readonly record: RunRecord;
}

interface Parts {
  readonly sessions: EditorSessions;
  readonly results: ResultStore;
  readonly resultsView: ResultsView;
  readonly diagnostics: ErrorDiagnostics;
  readonly clock: Clock;
  readonly log: LogOutputChannel;
}

/** Runs statements of editors, one run an editor at a time. */
export class Runs implements Disposable {
  readonly #parts: Parts;
  readonly #active = new Map<string, ActiveRun>();
  readonly #changed = new EventEmitter<void>();
  readonly #finished = new EventEmitter<{ document: TextDocument; record: RunRecord }>();
  readonly onDidChange: Event<void> = this.#changed.event;
  readonly onDidFinish: Event<{ document: TextDocument; record: RunRecord }> = this.#finished.event;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get active(): readonly ActiveRun[] {
    return [...this.#active.values()];
  }

  get isRunning(): boolean {
    return this.#active.size > 0;
  }

  /** Runs a text that is not part of the document, such as COMMIT, in the document's session. */
  async runText(document: TextDocument, text: string): Promise<void> {
    const connection = this.#parts.sessions.connectionOf(document.uri);
    if (connection === null) return;
    const origin = { uri: document.uri.toString(), offset: Number.MAX_SAFE_INTEGER, line: 1 };
    await this.run(document, connection, [{ text, origin, copyData: null }]);
  }

  /** Runs statements in order and shows what they give; resolves when the last one has ended. */
  async run(
    document: TextDocument,
    connection: OpenConnection,
    statements: readonly NewStatement[],
  ): Promise<void> {
    const key = document.uri.toString();
    const session = this.#parts.sessions.sessionFor(document, connection);
    if (this.#active.has(key) || session.isRunning) {
      await this.#offerCancel(document.uri);
      return;
    }
    const { results, clock, diagnostics } = this.#parts;
    const connectionName = connection.profile.name;
    const record = results.begin({ title: basename(document.uri.path), connectionName, statements });
    const active = { document, connectionName, startedAt: clock.now(), abort: new AbortController(), record };
    this.#active.set(key, active);
    diagnostics.clear(document.uri);
    this.#changed.fire();
    void this.#parts.resultsView.show();
    try {
      await this.#runAll(active, session);
    } finally {
      this.#active.delete(key);
      record.isRunning = false;
      record.statementSince = null;
      results.changed();
      this.#changed.fire();
      this.#finished.fire({ document, record });
    }
  }

  /** Cancels a document's run on the server; the only run there is where the document has none. */
  cancel(uri: Uri | null): void {
    const own = uri === null ? undefined : this.#active.get(uri.toString());
    const [only] = this.#active.size === 1 ? this.active : [];
    (own ?? only)?.abort.abort();
  }

  /** Cancels a document's run, and no other. */
  cancelOnly(uri: Uri): void {
    this.#active.get(uri.toString())?.abort.abort();
  }

  dispose(): void {
    for (const { abort } of this.active) abort.abort();
    this.#changed.dispose();
    this.#finished.dispose();
  }

  async #runAll(active: ActiveRun, session: EditorSession): Promise<void> {
    const settings = runSettings(active.document.uri);
    session.begin();
    try {
      for (const statement of active.record.statements) {
        await this.#runOne(active, session, { statement, settings });
        const hasFailed = statement.state === "failed" && settings.stopsOnError;
        if (hasFailed || statement.state === "cancelled") break;
      }
    } finally {
      for (const statement of active.record.statements) {
        if (statement.state === "queued") statement.state = "skipped";
      }
      await session.settle();
    }
  }

  async #runOne(
    active: ActiveRun,
    session: EditorSession,
    { statement, settings }: { statement: StatementRecord; settings: RunSettings },
  ): Promise<void> {
    const { results, clock } = this.#parts;
    const { signal } = active.abort;
    let waitMillis = 0;
    if (statement.text.startsWith("\\")) {
      this.#failed(active, statement, psqlCommandError(statement.text));
      return;
    }
    statement.state = "waiting";
    active.record.statementSince = clock.now();
    results.changed();
    try {
      const execution = await session.execute({
        statement: { text: statement.text, line: statement.origin.line },
        signal,
        pageSize: settings.pageSize,
        copyData: statement.copyData,
        onStarted: (millis) => {
          waitMillis = millis;
          statement.state = "running";
          results.changed();
        },
        onNotice: (notice) => {
          statement.notices.push(notice);
          results.changed();
        },
        onReaderClosed: () => {
          statement.closeReader();
          results.changed();
        },
      });
      const { maxRows, maxBytes } = settings;
      statement.complete(execution, { waitMillis, maxRows, maxBytes });
      if (statement.isFull) await session.closeReader();
    } catch (error) {
      this.#failed(active, statement, error);
    }
    results.changed();
  }

  #failed(active: ActiveRun, statement: StatementRecord, error: unknown): void {
    const failure = describeFailure(error, active.abort.signal);
    const place = this.#parts.diagnostics.mark(active.document, statement, failure);
    statement.fail(failure, place);
    // Neither the statement nor the server's message: both may quote data.
    this.#parts.log.debug(`statement failed on ${active.connectionName}: ${failure.code ?? "no code"}`);
  }

  async #offerCancel(uri: Uri): Promise<void> {
    const cancel = l10n.t("Cancel It");
    const message = l10n.t("This editor already runs a statement. Wait for it, or cancel it.");
    if ((await window.showWarningMessage(message, cancel)) === cancel) this.cancel(uri);
  }
}

/** The server knows no backslash commands; they are psql's own. */
function psqlCommandError(text: string): Error {
  const [name = ""] = text.split(/\s/);
  return new Error(l10n.t("{0} is a command of psql, not SQL: the server does not know it.", name));
}
