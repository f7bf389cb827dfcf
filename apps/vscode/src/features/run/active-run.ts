import { type Disposable, type TextDocument, workspace } from "vscode";
import type { Cell } from "../../../shared/protocol/results.ts";
import type { Database } from "../../model/database.ts";
import type { RunRecord } from "../../model/results/run-record.ts";
import type { StatementOrigin } from "../../model/results/statement-record.ts";
import type { EditorSession } from "../../model/session/editor-session.ts";
import type { Span } from "../../model/sql/split.ts";
import { spanAfter, type TextChange } from "../../model/sql/text-changes.ts";

/** A run that is under way, and what happened to its document meanwhile. */
export class ActiveRun implements Disposable {
  readonly document: TextDocument;
  readonly connectionName: string;
  readonly session: EditorSession;
  readonly record: RunRecord;
  readonly startedAt: number;
  readonly abort = new AbortController();
  /** Values that were given in this run, by `:name`. */
  readonly given = new Map<string, Cell>();
  readonly #changes: TextChange[] = [];
  readonly #onEdit: Disposable;

  constructor(parts: {
    document: TextDocument;
    connectionName: string;
    session: EditorSession;
    record: RunRecord;
    startedAt: number;
  }) {
    this.document = parts.document;
    this.connectionName = parts.connectionName;
    this.session = parts.session;
    this.record = parts.record;
    this.startedAt = parts.startedAt;
    this.#onEdit = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document !== parts.document) return;
      for (const { rangeOffset, rangeLength, text } of contentChanges) {
        this.#changes.push({ start: rangeOffset, removed: rangeLength, inserted: text.length });
      }
    });
  }

  get database(): Database {
    return this.session.database;
  }

  get isCancelling(): boolean {
    return this.abort.signal.aborted;
  }

  /** Where a statement of the run lies in the document now; null where it has been edited. */
  place({ text, origin }: { text: string; origin: StatementOrigin }): Span | null {
    const { offset } = origin;
    const span = spanAfter({ start: offset, end: offset + text.length }, this.#changes);
    const isThere = span !== null && this.document.getText().startsWith(text, span.start);
    return isThere ? span : null;
  }

  dispose(): void {
    this.#onEdit.dispose();
  }
}
