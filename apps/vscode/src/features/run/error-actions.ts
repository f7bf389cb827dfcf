import {
  CodeAction,
  CodeActionKind,
  type CodeActionProvider,
  l10n,
  Range,
  type TextDocument,
  WorkspaceEdit,
} from "vscode";
import { suggestionsAt } from "../../model/sql/suggested-column.ts";
import type { ErrorDiagnostics, MarkedFailure } from "./error-diagnostics.ts";

/** What can be done about an error at its place: take the name that the server suggests, roll back, copy the text. */
export class ErrorActions implements CodeActionProvider {
  static readonly kinds = [CodeActionKind.QuickFix];
  readonly #diagnostics: ErrorDiagnostics;

  constructor(diagnostics: ErrorDiagnostics) {
    this.#diagnostics = diagnostics;
  }

  provideCodeActions(document: TextDocument, range: Range): CodeAction[] {
    return this.#diagnostics
      .within(document.uri, range)
      .flatMap((marked) => [
        ...nameActions(document, marked),
        ...rollbackActions(document, marked),
        copyAction(marked),
      ]);
  }
}

function nameActions(document: TextDocument, { diagnostic, failure }: MarkedFailure): CodeAction[] {
  const offset = document.offsetAt(diagnostic.range.start);
  return suggestionsAt(document.getText(), offset, failure.hint).map(({ span, text }, index) => {
    const action = new CodeAction(l10n.t("Change to {0}", text), CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.isPreferred = index === 0;
    action.edit = new WorkspaceEdit();
    const replaced = new Range(document.positionAt(span.start), document.positionAt(span.end));
    action.edit.replace(document.uri, replaced, text);
    return action;
  });
}

function rollbackActions({ uri }: TextDocument, { diagnostic, failure }: MarkedFailure): CodeAction[] {
  if (failure.code !== "25P02") return [];
  const title = l10n.t("Roll Back Transaction");
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.command = { command: "rockpool.lease.rollback", title, arguments: [uri.toString()] };
  return [action];
}

function copyAction({ diagnostic, failure }: MarkedFailure): CodeAction {
  const title = l10n.t("Copy Error");
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  const lines = [
    failure.code === null ? failure.message : `${failure.message} (SQLSTATE ${failure.code})`,
    failure.detail && `Detail: ${failure.detail}`,
    failure.hint && `Hint: ${failure.hint}`,
    failure.context && `Context: ${failure.context}`,
  ];
  const text = lines.filter((line) => line !== null).join("\n");
  action.command = { command: "rockpool.error.copy", title, arguments: [text] };
  return action;
}
