import type { TextDocument, TextEditor } from "vscode";
import type { NewStatement } from "../../model/results/result-store.ts";
import { type Statement, splitStatements, statementAt } from "../../model/sql/split.ts";

/** Which part of an editor is run. */
export type RunScope = "statement" | "selection" | "file";

function toRun(document: TextDocument, text: string, base: number, statement: Statement): NewStatement {
  const { start, end, copyData } = statement;
  const offset = base + start;
  return {
    text: text.slice(start, end),
    origin: { uri: document.uri.toString(), offset, line: document.positionAt(offset).line + 1 },
    copyData: copyData === null ? null : text.slice(copyData.start, copyData.end),
  };
}

/** The statement whose text holds an offset of the document. */
export function statementAtOffset(document: TextDocument, offset: number): NewStatement | null {
  const text = document.getText();
  const statement = statementAt(text, offset);
  return statement === null ? null : toRun(document, text, 0, statement);
}

/** What a run of the editor runs, in order; several cursors or selections count from the top. */
export function collectStatements(editor: TextEditor, scope: RunScope): readonly NewStatement[] {
  const { document, selection, selections } = editor;
  if (scope === "file") {
    const text = document.getText();
    return splitStatements(text).map((statement) => toRun(document, text, 0, statement));
  }
  if (scope === "statement" && selection.isEmpty) {
    const found = statementAtOffset(document, document.offsetAt(selection.active));
    return found === null ? [] : [found];
  }
  const filled = selections.filter((each) => !each.isEmpty);
  const ordered = filled.sort((a, b) => a.start.compareTo(b.start));
  return ordered.flatMap((each) => {
    const text = document.getText(each);
    const base = document.offsetAt(each.start);
    return splitStatements(text).map((statement) => toRun(document, text, base, statement));
  });
}
