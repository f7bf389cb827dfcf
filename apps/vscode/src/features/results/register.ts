import { commands, type Disposable, Uri, window, workspace } from "vscode";
import type { StatementRecord } from "../../model/results/statement-record.ts";
import { summarise } from "../../model/sql/verb.ts";
import type { Services } from "../../services.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { connect } from "../connections/connect.ts";
import { compareWithAnother } from "./compare.ts";
import { copyAs, copyRange } from "./copy-as.ts";
import { exportResult } from "./export-result.ts";
import { loadRows, stopLoading } from "./load-rows.ts";
import { ResultTexts } from "./open-as-text.ts";
import { RememberedResults } from "./remembered-results.ts";
import type { ResultsActions } from "./results-channel.ts";
import { RESULTS_PANEL } from "./results-view.ts";
import { revealQuery } from "./reveal-query.ts";

/** The result in front; the last one of the run where no view has said which that is. */
function resultInFront({ resultsView, results }: Services): StatementRecord | null {
  const { selected } = resultsView;
  const statement = selected && results.statement(selected.statementId);
  return statement ?? results.run?.statements.findLast(({ kept }) => kept !== null) ?? null;
}

async function copyWithHeaders({ resultsView, results }: Services): Promise<void> {
  const { selected } = resultsView;
  if (selected === null || selected.range === null) return;
  await copyRange(results, { statementId: selected.statementId, range: selected.range, withHeaders: true });
}

/** Runs statements anew in their editor, as after the window was reloaded and their rows are gone. */
async function runAgain(services: Services, statementIds: readonly number[]): Promise<void> {
  const statements = statementIds.map((id) => services.results.statement(id)).filter((each) => each !== null);
  const [first] = statements;
  if (first === undefined) return;
  const document = await workspace.openTextDocument(Uri.parse(first.origin.uri));
  const connection = services.sessions.connectionOf(document.uri) ?? (await connect(services));
  if (connection !== null) await services.runs.run(document, connection, statements);
}

function actionsOf(services: Services, remembered: RememberedResults): ResultsActions {
  const { results, resultsView, runs } = services;
  const withStatement = async (id: number, action: (statement: StatementRecord) => Promise<void>) => {
    const statement = results.statement(id);
    if (statement !== null) await action(statement);
  };
  return {
    load: (id, amount) => loadRows(services, id, amount),
    stopLoading: (id) => stopLoading(services, id),
    reveal: (id) => withStatement(id, revealQuery),
    copyAs: (id) => withStatement(id, (statement) => copyAs(services, statement)),
    export: (id) => withStatement(id, (statement) => exportResult(services, statement)),
    compare: (id) => withStatement(id, (statement) => compareWithAnother(services, statement)),
    pin: (id) => {
      results.pin(id);
      void remembered.remember();
    },
    unpin: (id) => {
      results.unpin(id);
      void remembered.remember();
    },
    openInEditor: (id) => {
      const statement = results.statement(id);
      if (statement === null) return;
      results.pin(id);
      resultsView.openInEditor(id, summarise(statement.text, 30));
      void remembered.remember();
    },
    remember: () => remembered.remember(),
    runAgain: (ids) => runAgain(services, ids),
    cancel: () => runs.cancelShown(),
  };
}

/** Results: the views, and what is done with rows. */
export function register(services: Services): Disposable {
  const { results, resultsView, runs, context } = services;
  const remembered = new RememberedResults(results, context.workspaceState);
  const actions = actionsOf(services, remembered);
  resultsView.actions = actions;
  const onFront = (action: (id: number) => Promise<void> | void) => () => {
    const statement = resultInFront(services);
    return statement === null ? undefined : action(statement.id);
  };
  const texts = new ResultTexts();
  const disposables = new Disposables();
  disposables.addAll(
    texts,
    window.registerWebviewViewProvider("rockpool.results", resultsView),
    window.registerWebviewPanelSerializer(RESULTS_PANEL, resultsView),
    runs.onDidFinish(() => void remembered.remember()),
    commands.registerCommand("rockpool.results.copyAs", onFront(actions.copyAs)),
    commands.registerCommand("rockpool.results.copyWithHeaders", () => copyWithHeaders(services)),
    commands.registerCommand("rockpool.results.export", onFront(actions.export)),
    commands.registerCommand("rockpool.results.compare", onFront(actions.compare)),
    commands.registerCommand("rockpool.results.pin", onFront(actions.pin)),
    commands.registerCommand("rockpool.results.openInEditor", onFront(actions.openInEditor)),
    commands.registerCommand(
      "rockpool.results.openAsText",
      onFront((id) => {
        const statement = results.statement(id);
        return statement === null ? undefined : texts.open(statement);
      }),
    ),
    commands.registerCommand("rockpool.results.revealQuery", onFront(actions.reveal)),
    commands.registerCommand("rockpool.results.clear", () => results.clear()),
  );
  remembered.recall();
  return disposables;
}
