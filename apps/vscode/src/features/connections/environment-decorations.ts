import {
  type Disposable,
  EventEmitter,
  FileDecoration,
  type FileDecorationProvider,
  l10n,
  ThemeColor,
  type Uri,
  window,
  workspace,
} from "vscode";
import type { EditorSessions } from "../leases/editor-sessions.ts";

/** Marks the tabs of SQL documents whose connection is to staging or production. */
export class EnvironmentDecorations implements FileDecorationProvider, Disposable {
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  readonly #sessions: EditorSessions;
  readonly #subscriptions: readonly Disposable[];
  #shown = "";

  constructor(sessions: EditorSessions) {
    this.#sessions = sessions;
    this.#subscriptions = [
      sessions.onDidChange(() => this.#refresh()),
      window.registerFileDecorationProvider(this),
    ];
  }

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    const document = workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    if (document?.languageId !== "sql") return undefined;
    const profile = this.#sessions.connectionOf(uri)?.profile;
    if (profile?.environment === "production") {
      return new FileDecoration(
        "P",
        l10n.t("Runs on production: {0}", profile.name),
        new ThemeColor("list.errorForeground"),
      );
    }
    if (profile?.environment !== "staging") return undefined;
    return new FileDecoration(
      "S",
      l10n.t("Runs on staging: {0}", profile.name),
      new ThemeColor("list.warningForeground"),
    );
  }

  /** Sessions change with every statement; what a document is bound to seldom does. */
  #refresh(): void {
    const marks = workspace.textDocuments
      .filter(({ languageId }) => languageId === "sql")
      .map(({ uri }) => `${uri} ${this.#sessions.connectionOf(uri)?.profile.environment}`)
      .join("\n");
    if (marks === this.#shown) return;
    this.#shown = marks;
    this.#changed.fire(undefined);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#changed.dispose();
  }
}
