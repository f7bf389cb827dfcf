import { basename } from "node:path/posix";
import {
  type Disposable,
  l10n,
  ProgressLocation,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from "vscode";
import type { TableFormat } from "../../model/results/formats/table-text.ts";
import type { ResultRows } from "../../model/results/result-rows.ts";
import type { StatementRecord } from "../../model/results/statement-record.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { resultText } from "./result-text.ts";

const SCHEME = "rockpool-text";
/** A longer document makes the editor slow. */
const MAX_LENGTH = 5_000_000;
/** Longer lines are not read but scrolled through: then each row stands by itself, as with psql's `\x auto`. */
const MAX_LINE = 240;

/** Results as read-only documents that nobody is asked to save, in the form in which psql would print them. */
export class ResultTexts implements TextDocumentContentProvider, Disposable {
  readonly #texts = new Map<string, string>();
  readonly #disposables = new Disposables();
  #count = 0;

  constructor() {
    this.#disposables.addAll(
      workspace.registerTextDocumentContentProvider(SCHEME, this),
      workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  provideTextDocumentContent(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? "";
  }

  /** Opens the rows of a result as they show. */
  async open({ kept, origin }: StatementRecord): Promise<void> {
    if (kept === null) return;
    const text = await written(kept);
    if (text === null) {
      const limit = MAX_LENGTH / 1_000_000;
      const message = l10n.t(
        "The text is longer than {0} MB. Filter the rows, or export them to a file.",
        limit,
      );
      void window.showWarningMessage(message);
      return;
    }
    this.#count++;
    const path = `/${basename(Uri.parse(origin.uri).path)}-${origin.line}.txt`;
    const uri = Uri.from({ scheme: SCHEME, path, query: String(this.#count) });
    this.#texts.set(uri.toString(), text);
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: false });
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}

/** The rows as text; null where it becomes too long. */
async function written(kept: ResultRows): Promise<string | null> {
  const write = (format: TableFormat) =>
    resultText(kept, { format, range: null, withHeaders: true, tableName: null, maxLength: MAX_LENGTH });
  const letGo = kept.hold();
  const options = { location: ProgressLocation.Window, title: l10n.t("Writing…") };
  return await window.withProgress(options, async () => {
    try {
      const table = await write("text");
      const [, rule = ""] = table?.split("\n", 2) ?? [];
      return rule.length > MAX_LINE ? await write("records") : table;
    } finally {
      letGo();
    }
  });
}
