import {
  type DecorationOptions,
  type Disposable,
  l10n,
  Range,
  type TextDocument,
  type TextEditor,
  ThemeColor,
  window,
  workspace,
} from "vscode";
import { formatDuration } from "../../model/duration.ts";
import type { RunRecord } from "../../model/results/run-record.ts";
import type { StatementRecord } from "../../model/results/statement-record.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { showsInlineOutcome } from "../../vscode/settings.ts";

function outcomeOf({ state, kept, affected, command, timing }: StatementRecord): string | null {
  if (state !== "done" || timing === null) return null;
  const time = formatDuration(timing.serverMillis + timing.fetchMillis);
  const more = kept !== null && kept.more !== "none" ? "+" : "";
  const count = kept?.rowCount ?? affected;
  if (count === null) return `${command ?? ""} · ${time}`;
  const shown = `${count.toLocaleString("en")}${more}`;
  const rows = shown === "1" ? l10n.t("{0} row", shown) : l10n.t("{0} rows", shown);
  return `${rows} · ${time}`;
}

/** Row count and time behind each statement that ran, until its document is edited or closed. */
export class InlineOutcomes implements Disposable {
  readonly #decoration = window.createTextEditorDecorationType({
    after: { margin: "0 0 0 2em", color: new ThemeColor("editorCodeLens.foreground") },
  });
  /** An editor that goes out of sight loses its decorations, so they are kept here. */
  readonly #shown = new Map<TextDocument, DecorationOptions[]>();
  readonly #disposables = new Disposables();

  constructor() {
    this.#disposables.addAll(
      this.#decoration,
      window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.#draw(editor);
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.#shown.has(document)) this.#set(document, []);
      }),
      workspace.onDidCloseTextDocument((document) => this.#shown.delete(document)),
    );
  }

  show(document: TextDocument, record: RunRecord): void {
    if (!showsInlineOutcome(document.uri)) return;
    const options = record.statements.map((statement) => decorationFor(document, statement));
    this.#set(
      document,
      options.filter((option) => option !== null),
    );
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #set(document: TextDocument, options: DecorationOptions[]): void {
    this.#shown.set(document, options);
    for (const editor of window.visibleTextEditors) if (editor.document === document) this.#draw(editor);
  }

  #draw(editor: TextEditor): void {
    const options = this.#shown.get(editor.document);
    if (options !== undefined) editor.setDecorations(this.#decoration, options);
  }
}

function decorationFor(document: TextDocument, statement: StatementRecord): DecorationOptions | null {
  const { origin, text } = statement;
  const contentText = outcomeOf(statement);
  if (contentText === null || !document.getText().startsWith(text, origin.offset)) return null;
  const { range } = document.lineAt(document.positionAt(origin.offset + text.length));
  return { range: new Range(range.end, range.end), renderOptions: { after: { contentText } } };
}
