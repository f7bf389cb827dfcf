import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Disposable,
  Location,
  languages,
  Range,
  type TextDocument,
  type Uri,
  workspace,
} from "vscode";
import type { Failure } from "../../model/failure.ts";
import type { Place, StatementRecord } from "../../model/results/statement-record.ts";
import { errorSpan } from "../../model/sql/server-position.ts";

/** The server's errors at their place in the editor, until the text there changes. */
export class ErrorDiagnostics implements Disposable {
  readonly #collection = languages.createDiagnosticCollection("rockpool");
  readonly #onEdit: Disposable;

  constructor() {
    this.#onEdit = workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) this.clear(document.uri);
    });
  }

  clear(uri: Uri): void {
    this.#collection.delete(uri);
  }

  /** Marks where a statement failed and says which place that is; null where the document no longer holds it. */
  mark(document: TextDocument, statement: StatementRecord, failure: Failure): Place | null {
    const range = rangeOf(document, statement, failure);
    if (range === null || failure.isCancelled) return null;
    const diagnostic = new Diagnostic(range, failure.message, DiagnosticSeverity.Error);
    diagnostic.source = "PostgreSQL";
    if (failure.code !== null) diagnostic.code = failure.code;
    diagnostic.relatedInformation = relatedTo(failure, new Location(document.uri, range));
    this.#collection.set(document.uri, [...(this.#collection.get(document.uri) ?? []), diagnostic]);
    return { line: range.start.line + 1, column: range.start.character + 1 };
  }

  dispose(): void {
    this.#onEdit.dispose();
    this.#collection.dispose();
  }
}

function rangeOf(document: TextDocument, { text, origin }: StatementRecord, failure: Failure): Range | null {
  const current = document.getText().slice(origin.offset, origin.offset + text.length);
  if (current !== text) return null;
  const span = failure.position === null ? firstLine(text) : errorSpan(text, failure.position);
  return new Range(
    document.positionAt(origin.offset + span.start),
    document.positionAt(origin.offset + span.end),
  );
}

function firstLine(text: string): { start: number; end: number } {
  const end = text.search(/[\r\n]/);
  return { start: 0, end: end < 0 ? text.length : end };
}

function relatedTo(failure: Failure, location: Location): DiagnosticRelatedInformation[] {
  const lines = [
    failure.detail && `Detail: ${failure.detail}`,
    failure.hint && `Hint: ${failure.hint}`,
    failure.context && `Context: ${failure.context}`,
  ];
  return lines
    .filter((line) => line !== null)
    .map((line) => new DiagnosticRelatedInformation(location, line));
}
