import {
  CodeLens,
  type CodeLensProvider,
  type Disposable,
  EventEmitter,
  l10n,
  Range,
  type TextDocument,
} from "vscode";
import { showsCodeLens } from "../../vscode/settings.ts";
import { scriptOf } from "./statements-in-editor.ts";

/** Beyond this a document is a dump, not something to run piece by piece. */
const MAX_LENGTH = 500_000;

/** `Run` above each statement, while a connection is open. */
export class RunLenses implements CodeLensProvider, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #isConnected: () => boolean;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(isConnected: () => boolean) {
    this.#isConnected = isConnected;
  }

  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    if (!this.#isConnected() || !showsCodeLens(document.uri)) return [];
    const { text, statements } = scriptOf(document);
    if (text.length > MAX_LENGTH) return [];
    return statements
      .filter(({ kind }) => kind === "sql")
      .map(({ start, end }) => {
        const range = new Range(document.positionAt(start), document.positionAt(end));
        return new CodeLens(range, {
          title: `$(play) ${l10n.t("Run")}`,
          command: "rockpool.run.statement",
          arguments: [{ uri: document.uri.toString(), offset: start }],
        });
      });
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
