import {
  type Disposable,
  l10n,
  type Tab,
  TabInputNotebook,
  TabInputText,
  TabInputTextDiff,
  Uri,
  window,
  workspace,
} from "vscode";
import type { NamedSession } from "../../model/pool/pool-view.ts";
import { Disposables } from "../../vscode/disposables.ts";
import type { EditorSessions } from "./editor-sessions.ts";
import { endTransaction } from "./open-transactions.ts";

function urisOf({ input }: Tab): readonly Uri[] {
  if (input instanceof TabInputText || input instanceof TabInputNotebook) return [input.uri];
  return input instanceof TabInputTextDiff ? [input.original, input.modified] : [];
}

/** A cell of a notebook is open as long as the notebook is. */
function isShownBy(uri: Uri, tab: Tab): boolean {
  return urisOf(tab).some((each) =>
    uri.scheme === "vscode-notebook-cell" ? each.path === uri.path : each.toString() === uri.toString(),
  );
}

function isOpen(uri: Uri): boolean {
  return window.tabGroups.all.some(({ tabs }) => tabs.some((tab) => isShownBy(uri, tab)));
}

/**
 * What becomes of a session whose editor was closed: it ends, unless a transaction is open. An editor that is closed cannot
 * be held back, so the transaction is, until the user has said what to do with it.
 */
export class ClosedEditors implements Disposable {
  readonly #sessions: EditorSessions;
  readonly #closedWhileRunning = new Set<string>();
  readonly #asked = new Set<string>();
  readonly #disposables = new Disposables();

  constructor(sessions: EditorSessions) {
    this.#sessions = sessions;
    this.#disposables.addAll(
      workspace.onWillRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) this.#moved(oldUri, newUri);
      }),
      window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const tab of closed) void this.#closed(tab);
      }),
      sessions.onDidChange(() => this.#lookAgain()),
    );
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  async #closed(tab: Tab): Promise<void> {
    for (const named of this.#sessions.all) {
      const uri = Uri.parse(named.uri);
      if (!isShownBy(uri, tab) || isOpen(uri)) continue;
      const saved = uri.scheme === "untitled" ? await savedAs(named) : null;
      if (saved === null) await this.#end(named);
      else await this.#sessions.move(uri, saved);
    }
  }

  /** A run that outlived its editor has ended: now its session can. */
  #lookAgain(): void {
    for (const named of this.#sessions.all) {
      if (named.session.isRunning || !this.#closedWhileRunning.delete(named.uri)) continue;
      if (!isOpen(Uri.parse(named.uri))) void this.#end(named);
    }
  }

  async #end(named: NamedSession): Promise<void> {
    const { session, uri } = named;
    if (session.isRunning) this.#closedWhileRunning.add(uri);
    if (session.isRunning || this.#asked.has(uri)) return;
    if (session.transaction === null) {
      await this.#sessions.end(Uri.parse(uri));
      return;
    }
    this.#asked.add(uri);
    try {
      await this.#ask(named);
    } finally {
      if (session.transaction === null || isOpen(Uri.parse(uri))) this.#asked.delete(uri);
    }
  }

  async #ask(named: NamedSession): Promise<void> {
    const uri = Uri.parse(named.uri);
    const commit = l10n.t("Commit");
    const rollBack = l10n.t("Roll Back");
    const reopen = l10n.t("Reopen Editor");
    const isFailed = named.session.transaction?.status === "failed";
    const message = l10n.t(
      "{0} was closed with an open transaction on {1}. Its connection is kept until you decide.",
      named.editor,
      named.session.database.name,
    );
    const choices = isFailed ? [rollBack, reopen] : [commit, rollBack, reopen];
    const answer = await window.showWarningMessage(message, ...choices);
    if (answer === reopen) await window.showTextDocument(await workspace.openTextDocument(uri));
    if (answer !== commit && answer !== rollBack) return;
    const isEnded = await endTransaction(named, answer === commit ? "commit" : "rollback");
    if (isEnded) await this.#sessions.end(uri);
  }

  #moved(from: Uri, to: Uri): void {
    for (const { uri } of this.#sessions.all) {
      const own = Uri.parse(uri);
      const isInside = own.path === from.path || own.path.startsWith(`${from.path}/`);
      if (own.scheme !== from.scheme || !isInside) continue;
      void this.#sessions.move(own, own.with({ path: to.path + own.path.slice(from.path.length) }));
    }
  }
}

/**
 * The file that an untitled document became, which is opened in its place. Saving empties the untitled document before it is
 * closed, so the file is known by the statement that the session ran last.
 */
async function savedAs({ session }: NamedSession): Promise<Uri | null> {
  if (session.state.kind === "free") return null;
  const { text } = session.state.statement;
  const inFront = window.tabGroups.all.flatMap(({ activeTab }) => (activeTab ? urisOf(activeTab) : []));
  for (const uri of inFront) {
    if (uri.scheme === "untitled") continue;
    const document = await workspace.openTextDocument(uri);
    if (document.getText().includes(text)) return uri;
  }
  return null;
}
