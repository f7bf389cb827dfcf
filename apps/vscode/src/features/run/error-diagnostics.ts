import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Disposable,
  Location,
  l10n,
  languages,
  Range,
  type TextDocument,
  type Uri,
  workspace,
} from "vscode";
import type { Failure } from "../../model/failure.ts";
import type { Place } from "../../model/results/statement-record.ts";
import { failureSpan } from "../../model/sql/failure-span.ts";
import type { ParameterisedText } from "../../model/sql/parameters.ts";
import type { Span } from "../../model/sql/split.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { translated } from "../../vscode/translated.ts";

/** A statement that failed: what was sent of it, and where it lies in the document now. */
export interface FailedStatement {
  readonly statement: { readonly text: string };
  readonly sent: ParameterisedText;
  readonly at: Span;
}

export interface MarkedFailure {
  readonly diagnostic: Diagnostic;
  readonly failure: Failure;
}

/** The server's errors at their place in the editor, until the text there changes. */
export class ErrorDiagnostics implements Disposable {
  readonly #collection = languages.createDiagnosticCollection("rockpool");
  readonly #marked = new Map<string, readonly MarkedFailure[]>();
  readonly #disposables = new Disposables();

  constructor() {
    this.#disposables.addAll(
      this.#collection,
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.clear(document.uri);
      }),
      workspace.onDidCloseTextDocument(({ uri }) => this.clear(uri)),
    );
  }

  clear(uri: Uri): void {
    this.#marked.delete(uri.toString());
    this.#collection.delete(uri);
  }

  /** Marks where a statement failed and says which place that is; null for what is no error. */
  mark(document: TextDocument, failed: FailedStatement, failure: Failure): Place | null {
    if (failure.isCancelled) return null;
    const { statement, sent, at } = failed;
    const span = failureSpan(statement.text, sent, failure) ?? firstLine(statement.text);
    const range = new Range(
      document.positionAt(at.start + span.start),
      document.positionAt(at.start + span.end),
    );
    const diagnostic = new Diagnostic(range, failure.message, DiagnosticSeverity.Error);
    diagnostic.source = "PostgreSQL";
    if (failure.code !== null) diagnostic.code = failure.code;
    diagnostic.relatedInformation = relatedTo(failure, new Location(document.uri, range));
    const marked = [...(this.#marked.get(document.uri.toString()) ?? []), { diagnostic, failure }];
    this.#marked.set(document.uri.toString(), marked);
    this.#collection.set(
      document.uri,
      marked.map((each) => each.diagnostic),
    );
    return { line: range.start.line + 1, column: range.start.character + 1 };
  }

  /** The errors that are marked in a part of a document. */
  within(uri: Uri, range: Range): readonly MarkedFailure[] {
    const marked = this.#marked.get(uri.toString()) ?? [];
    return marked.filter(({ diagnostic }) => diagnostic.range.intersection(range) !== undefined);
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

function firstLine(text: string): { start: number; end: number } {
  const end = text.search(/[\r\n]/);
  return { start: 0, end: end < 0 ? text.length : end };
}

const OBJECTS = {
  table: () => l10n.t("Table"),
  column: () => l10n.t("Column"),
  constraint: () => l10n.t("Constraint"),
  "data type": () => l10n.t("Data type"),
};

function relatedTo(failure: Failure, location: Location): DiagnosticRelatedInformation[] {
  const lines = [
    failure.detail && l10n.t("Detail: {0}", failure.detail),
    failure.hint && l10n.t("Hint: {0}", failure.hint),
    ...failure.objects.map(({ kind, name }) => `${OBJECTS[kind]()}: ${name}`),
    failure.context && l10n.t("Context: {0}", failure.context),
    failure.remedy && translated(failure.remedy),
  ];
  return lines
    .filter((line) => line !== null)
    .map((line) => new DiagnosticRelatedInformation(location, line));
}
