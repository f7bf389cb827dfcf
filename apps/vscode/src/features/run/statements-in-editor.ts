import type { Selection, TextDocument, TextEditor } from "vscode";
import type { NewStatement } from "../../model/results/result-store.ts";
import { Script, type Statement } from "../../model/sql/split.ts";

/** Which part of an editor is run. */
export type RunScope = "statement" | "selection" | "file" | "fromHere";

const scripts = new WeakMap<TextDocument, { readonly version: number; readonly script: Script }>();

/** A document's statements; split once for each of its versions. */
export function scriptOf(document: TextDocument): Script {
  const known = scripts.get(document);
  if (known?.version === document.version) return known.script;
  const script = new Script(document.getText());
  scripts.set(document, { version: document.version, script });
  return script;
}

function toRun(document: TextDocument, script: Script, statement: Statement, base = 0): NewStatement {
  const { start, end, copyData } = statement;
  const offset = base + start;
  return {
    text: script.text.slice(start, end),
    origin: { uri: document.uri.toString(), offset, line: document.positionAt(offset).line + 1 },
    copyData: copyData === null ? null : script.text.slice(copyData.start, copyData.end),
  };
}

/** The statement whose text holds an offset of the document. */
export function statementAtOffset(document: TextDocument, offset: number): NewStatement | null {
  const script = scriptOf(document);
  const statement = script.statementAt(offset);
  return statement === null ? null : toRun(document, script, statement);
}

function inSelection(document: TextDocument, selection: Selection): readonly NewStatement[] {
  const script = new Script(document.getText(selection));
  const base = document.offsetAt(selection.start);
  return script.statements.map((statement) => toRun(document, script, statement, base));
}

/** What a run of the editor runs, in order; several cursors or selections count from the top. */
export function collectStatements(editor: TextEditor, scope: RunScope): readonly NewStatement[] {
  const { document, selection, selections } = editor;
  if (scope === "file") {
    const script = scriptOf(document);
    return script.statements.map((statement) => toRun(document, script, statement));
  }
  if (scope === "fromHere") {
    const script = scriptOf(document);
    const first = script.statementAt(document.offsetAt(selection.start));
    const from = first === null ? script.statements.length : script.statements.indexOf(first);
    return script.statements.slice(from).map((statement) => toRun(document, script, statement));
  }
  if (scope === "statement" && selection.isEmpty) {
    const found = statementAtOffset(document, document.offsetAt(selection.active));
    return found === null ? [] : [found];
  }
  const filled = selections.filter((each) => !each.isEmpty);
  const ordered = filled.sort((a, b) => a.start.compareTo(b.start));
  return ordered.flatMap((each) => inSelection(document, each));
}
