import { basename } from "node:path/posix";
import { type Disposable, type Event, EventEmitter, l10n, type TextDocument, type Uri, window } from "vscode";
import type { StatementStateView } from "../../../shared/protocol/results.ts";
import type { Database } from "../../model/database.ts";
import type { NewStatement } from "../../model/results/result-store.ts";
import type { RunRecord } from "../../model/results/run-record.ts";
import { runSettings } from "../../vscode/settings.ts";
import type { OpenConnection, OpenConnections } from "../connections/open-connections.ts";
import type { EditorSessions } from "../leases/editor-sessions.ts";
import type { ResultsView } from "../results/results-view.ts";
import type { RunGuard } from "../safety/run-guard.ts";
import { ActiveRun } from "./active-run.ts";
import { StatementRunner, type StatementRunnerParts } from "./statement-runner.ts";

interface Parts extends StatementRunnerParts {
  readonly connections: OpenConnections;
  readonly sessions: EditorSessions;
  readonly resultsView: ResultsView;
  readonly guard: RunGuard;
}

/** A run that has ended. */
export interface FinishedRun {
  readonly document: TextDocument;
  readonly connection: OpenConnection;
  readonly record: RunRecord;
}

const UNDER_WAY: ReadonlySet<StatementStateView> = new Set(["waiting", "asking", "running", "cancelling"]);

/** Runs statements of editors, one run an editor at a time. */
export class Runs implements Disposable {
  readonly #parts: Parts;
  readonly #runner: StatementRunner;
  readonly #active = new Map<string, ActiveRun>();
  readonly #changed = new EventEmitter<void>();
  readonly #finished = new EventEmitter<FinishedRun>();
  readonly #onWillClose: Disposable;
  readonly onDidChange: Event<void> = this.#changed.event;
  readonly onDidFinish: Event<FinishedRun> = this.#finished.event;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#runner = new StatementRunner(parts);
    this.#onWillClose = parts.connections.onWillClose((database) => this.#cancelOn(database));
  }

  get active(): readonly ActiveRun[] {
    return [...this.#active.values()];
  }

  get isRunning(): boolean {
    return this.#active.size > 0;
  }

  /** Where the statement begins in its document that runs now; null while none does. */
  runningOffset({ uri }: TextDocument): number | null {
    const active = this.#active.get(uri.toString());
    const running = active?.record.statements.find(({ state }) => UNDER_WAY.has(state));
    return (active && running && active.place(running)?.start) ?? null;
  }

  /** Runs statements in order, once the guard lets them, and shows what they give; resolves when the last one has ended. */
  async run(
    document: TextDocument,
    connection: OpenConnection,
    statements: readonly NewStatement[],
  ): Promise<void> {
    if (await this.#parts.guard(statements, connection)) await this.#run(document, connection, statements);
  }

  /** Cancels a document's run on the server; the only run there is where the document has none. */
  cancel(uri: Uri | null): void {
    const own = uri === null ? undefined : this.#active.get(uri.toString());
    const [only] = this.#active.size === 1 ? this.active : [];
    this.#cancel(own ?? only);
  }

  /** Cancels a document's run, and no other. */
  cancelOnly(uri: Uri): void {
    this.#cancel(this.#active.get(uri.toString()));
  }

  /** Cancels the run whose results are in view. */
  cancelShown(): void {
    this.#cancel(this.active.find(({ record }) => record === this.#parts.results.run));
  }

  dispose(): void {
    for (const active of this.active) this.#cancel(active);
    this.#onWillClose.dispose();
    this.#changed.dispose();
    this.#finished.dispose();
  }

  async #run(
    document: TextDocument,
    connection: OpenConnection,
    statements: readonly NewStatement[],
  ): Promise<void> {
    const session = this.#parts.sessions.sessionFor(document, connection);
    await session.stopReading();
    if (this.#active.has(document.uri.toString()) || session.isRunning) {
      if (await this.#waitOrCancel(document)) await this.#run(document, connection, statements);
      return;
    }
    const { results, clock, diagnostics } = this.#parts;
    const connectionName = connection.profile.name;
    const record = results.begin({ title: basename(document.uri.path), connectionName, statements });
    const active = new ActiveRun({ document, connectionName, session, record, startedAt: clock.now() });
    this.#active.set(document.uri.toString(), active);
    diagnostics.clear(document.uri);
    this.#changed.fire();
    void this.#parts.resultsView.show();
    try {
      await this.#runAll(active);
    } finally {
      this.#end(active);
      this.#finished.fire({ document, connection, record });
    }
  }

  async #runAll(active: ActiveRun): Promise<void> {
    const { session, record, document } = active;
    const settings = runSettings(document.uri);
    session.begin();
    try {
      for (const statement of record.statements) {
        const running = this.#runner.run(active, statement, settings);
        this.#changed.fire();
        const mayGoOn = await running;
        const hasFailed = statement.state === "failed" && settings.stopsOnError;
        if (hasFailed || !mayGoOn || active.isCancelling) break;
      }
    } finally {
      for (const statement of record.statements) {
        if (statement.state === "queued") statement.state = "skipped";
      }
      await session.settle();
    }
  }

  #end(active: ActiveRun): void {
    const { record, document } = active;
    active.dispose();
    this.#active.delete(document.uri.toString());
    record.isRunning = false;
    record.statementSince = null;
    this.#parts.results.changed();
    this.#changed.fire();
  }

  #cancel(active: ActiveRun | undefined): void {
    if (active === undefined || active.isCancelling) return;
    const running = active.record.statements.find(({ state }) => UNDER_WAY.has(state));
    if (running !== undefined) running.state = "cancelling";
    active.abort.abort();
    this.#changed.fire();
    this.#parts.results.changed();
  }

  #cancelOn(database: Database): void {
    for (const active of this.active) if (active.database === database) this.#cancel(active);
  }

  /** What to do with a run while another one of the editor is under way. @returns true when it can begin now. */
  async #waitOrCancel(document: TextDocument): Promise<boolean> {
    const after = l10n.t("Run It Afterwards");
    const cancel = l10n.t("Cancel the Running One");
    const message = l10n.t("{0} already runs a statement.", basename(document.uri.path));
    const answer = await window.showWarningMessage(message, after, cancel);
    if (answer === cancel) this.cancelOnly(document.uri);
    if (answer !== after) return false;
    await this.#ended(document);
    return true;
  }

  #ended(document: TextDocument): Promise<void> {
    if (!this.#active.has(document.uri.toString())) return Promise.resolve();
    return new Promise((resolve) => {
      const subscription = this.onDidFinish((finished) => {
        if (finished.document !== document) return;
        subscription.dispose();
        resolve();
      });
    });
  }
}
