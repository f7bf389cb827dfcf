import {
  type DecorationOptions,
  type Disposable,
  OverviewRulerLane,
  Range,
  type TextDocument,
  type TextEditor,
  type TextEditorDecorationType,
  ThemeColor,
  window,
  workspace,
} from "vscode";
import type { Clock } from "../../model/database.ts";
import type { Script, Statement } from "../../model/sql/split.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { showsBounds } from "../../vscode/settings.ts";
import { scriptOf } from "./statements-in-editor.ts";

/** Fast enough to follow the cursor, slow enough not to split a file for each key. */
const DELAY_MILLIS = 60;
/** Beyond this a document is a dump, in which nobody looks for bounds. */
const MAX_LENGTH = 2_000_000;

/** Shows which statement a run at the cursor would run: a bar beside its lines, or a box where lines are shared. */
export class StatementBounds implements Disposable {
  readonly #clock: Clock;
  readonly #isBound: (document: TextDocument) => boolean;
  readonly #bar = window.createTextEditorDecorationType({
    isWholeLine: true,
    borderStyle: "solid",
    borderWidth: "0 0 0 2px",
    borderColor: new ThemeColor("rockpool.statementBounds"),
    overviewRulerColor: new ThemeColor("rockpool.statementBounds"),
    overviewRulerLane: OverviewRulerLane.Left,
  });
  readonly #box = window.createTextEditorDecorationType({
    borderStyle: "solid",
    borderWidth: "1px",
    borderRadius: "2px",
    borderColor: new ThemeColor("rockpool.statementBounds"),
  });
  readonly #disposables = new Disposables();
  #stopTimer: (() => void) | null = null;

  constructor(clock: Clock, isBound: (document: TextDocument) => boolean) {
    this.#clock = clock;
    this.#isBound = isBound;
    this.#disposables.addAll(
      this.#bar,
      this.#box,
      window.onDidChangeTextEditorSelection(() => this.refresh()),
      window.onDidChangeActiveTextEditor(() => this.refresh()),
      workspace.onDidChangeTextDocument(() => this.refresh()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("rockpool.run.showBounds")) this.refresh();
      }),
    );
    this.refresh();
  }

  /** Draws the bounds anew soon, where there is an editor to draw in. */
  refresh(): void {
    this.#stopTimer?.();
    if (window.visibleTextEditors.every(({ document }) => document.languageId !== "sql")) return;
    this.#stopTimer = this.#clock.after(DELAY_MILLIS, () => this.#draw());
  }

  dispose(): void {
    this.#stopTimer?.();
    this.#disposables.dispose();
  }

  #draw(): void {
    for (const editor of window.visibleTextEditors) {
      const shown = editor === window.activeTextEditor ? this.#boundsIn(editor) : null;
      set(editor, this.#bar, shown?.isShared === false ? [shown.range] : []);
      set(editor, this.#box, shown?.isShared === true ? [shown.range] : []);
    }
  }

  /** A selection shows by itself what would run. */
  #boundsIn({ document, selection, selections }: TextEditor): { range: Range; isShared: boolean } | null {
    const isShown = document.languageId === "sql" && this.#isBound(document) && showsBounds(document.uri);
    if (!isShown || !selection.isEmpty || selections.length > 1) return null;
    const script = scriptOf(document);
    if (script.text.length > MAX_LENGTH) return null;
    const statement = script.statementAt(document.offsetAt(selection.active));
    if (statement?.kind !== "sql") return null;
    const range = new Range(document.positionAt(statement.start), document.positionAt(statement.end));
    return { range, isShared: sharesLine(script, statement) };
  }
}

/** Whether another statement begins or ends on a line of this one. */
function sharesLine({ text, statements }: Script, statement: Statement): boolean {
  const index = statements.indexOf(statement);
  const before = statements[index - 1];
  const after = statements[index + 1];
  const isApart = (start: number, end: number) => text.slice(start, end).includes("\n");
  const sharesFirst = before !== undefined && !isApart(before.end, statement.start);
  return sharesFirst || (after !== undefined && !isApart(statement.end, after.start));
}

function set(editor: TextEditor, type: TextEditorDecorationType, ranges: readonly Range[]): void {
  const options: DecorationOptions[] = ranges.map((range) => ({ range }));
  editor.setDecorations(type, options);
}
