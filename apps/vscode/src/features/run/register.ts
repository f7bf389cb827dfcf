import {
  commands,
  type Disposable,
  env,
  l10n,
  languages,
  type TextDocument,
  type TextEditor,
  Uri,
  window,
  workspace,
} from "vscode";
import type { NewStatement } from "../../model/results/result-store.ts";
import type { Services } from "../../services.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { connect } from "../connections/connect.ts";
import { ErrorActions } from "./error-actions.ts";
import { offerToGoOn } from "./failed-run-offer.ts";
import { InlineOutcomes } from "./inline-outcomes.ts";
import { RunLenses } from "./run-lenses.ts";
import { StatementBounds } from "./statement-bounds.ts";
import { collectStatements, type RunScope, statementAtOffset } from "./statements-in-editor.ts";

/** Where a lens stands; absent for a key or a menu. */
interface LensArgument {
  readonly uri: string;
  readonly offset: number;
}

async function run(
  services: Services,
  editor: TextEditor,
  statements: readonly NewStatement[],
): Promise<void> {
  const { document } = editor;
  if (statements.length === 0) {
    void window.showInformationMessage(l10n.t("There is no statement here to run."));
    return;
  }
  const { sessions } = services;
  const connection =
    sessions.connectionOf(document.uri) ??
    (await connect(services, sessions.chosenConnection(document.uri) ?? undefined));
  if (connection !== null) await services.runs.run(document, connection, statements);
}

async function runLens(services: Services, lens: LensArgument): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse(lens.uri));
  const editor = window.visibleTextEditors.find((each) => each.document === document);
  const statement = statementAtOffset(document, lens.offset);
  if (editor !== undefined && statement !== null) await run(services, editor, [statement]);
}

async function runScope(services: Services, scope: RunScope): Promise<void> {
  const editor = window.activeTextEditor;
  if (editor !== undefined) await run(services, editor, collectStatements(editor, scope));
}

function isLens(argument: unknown): argument is LensArgument {
  return typeof argument === "object" && argument !== null && "offset" in argument;
}

/** Running: commands, lenses above statements, outcomes behind them. */
export function register(services: Services): Disposable {
  const isBound = (document: TextDocument) => services.sessions.connectionOf(document.uri) !== null;
  const lenses = new RunLenses({
    isBound,
    runningOffset: (document) => services.runs.runningOffset(document),
  });
  const bounds = new StatementBounds(services.clock, isBound);
  const outcomes = new InlineOutcomes();
  const disposables = new Disposables();
  disposables.addAll(
    lenses,
    bounds,
    outcomes,
    languages.registerCodeActionsProvider({ language: "sql" }, new ErrorActions(services.diagnostics), {
      providedCodeActionKinds: ErrorActions.kinds,
    }),
    languages.registerCodeLensProvider({ language: "sql" }, lenses),
    services.connections.onDidOpenOrClose(() => bounds.refresh()),
    services.sessions.onDidChange(() => lenses.refresh()),
    services.runs.onDidChange(() => lenses.refresh()),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("rockpool.run.codeLens")) lenses.refresh();
    }),
    services.runs.onDidFinish(({ document, record }) => outcomes.show(document, record)),
    services.runs.onDidFinish((finished) => void offerToGoOn(services, finished)),
    commands.registerCommand("rockpool.run.statement", (argument?: unknown) =>
      isLens(argument) ? runLens(services, argument) : runScope(services, "statement"),
    ),
    commands.registerCommand("rockpool.run.selection", () => runScope(services, "selection")),
    commands.registerCommand("rockpool.run.file", () => runScope(services, "file")),
    commands.registerCommand("rockpool.run.fromHere", () => runScope(services, "fromHere")),
    commands.registerCommand("rockpool.run.cancel", () =>
      services.runs.cancel(window.activeTextEditor?.document.uri ?? null),
    ),
    commands.registerCommand("rockpool.error.copy", (text: string) => env.clipboard.writeText(text)),
  );
  return disposables;
}
