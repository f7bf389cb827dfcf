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

/** What the lenses depend on. */
export interface LensSources {
  /** Whether the document has a connection that is open. */
  isBound(document: TextDocument): boolean;
  /** Where the statement begins that runs now; null while none does. */
  runningOffset(document: TextDocument): number | null;
}

/** `Run` above each statement while the document's connection is open; `Cancel` above the one that runs. */
export class RunLenses implements CodeLensProvider, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #sources: LensSources;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(sources: LensSources) {
    this.#sources = sources;
  }

  refresh(): void {
    this.#changed.fire();
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    if (!this.#sources.isBound(document) || !showsCodeLens(document.uri)) return [];
    const { text, statements } = scriptOf(document);
    if (text.length > MAX_LENGTH) return [];
    const running = this.#sources.runningOffset(document);
    return statements
      .filter(({ kind }) => kind === "sql")
      .map(({ start, end }) => {
        const range = new Range(document.positionAt(start), document.positionAt(end));
        if (start === running) return cancelLens(range);
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

function cancelLens(range: Range): CodeLens {
  return new CodeLens(range, { title: `$(debug-stop) ${l10n.t("Cancel")}`, command: "rockpool.run.cancel" });
}
