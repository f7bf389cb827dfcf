import { l10n, ProgressLocation, type QuickPickItem, window } from "vscode";
import { Comparison, differenceColumns, MAX_COMPARED_ROWS } from "../../model/results/compare-results.ts";
import { ResultRows } from "../../model/results/result-rows.ts";
import { Slices } from "../../model/results/slices.ts";
import type { StatementRecord } from "../../model/results/statement-record.ts";
import { summarise } from "../../model/sql/verb.ts";
import type { Services } from "../../services.ts";

interface Side {
  readonly title: string;
  readonly connectionName: string;
  readonly statement: StatementRecord;
  readonly kept: ResultRows;
}

/** Compares a result with another one that is asked for; the differences become a result of their own. */
export async function compareWithAnother(services: Services, after: StatementRecord): Promise<void> {
  const sides = comparable(services);
  const own = sides.find(({ statement }) => statement.id === after.id);
  const others = sides.filter(({ statement }) => statement.id !== after.id);
  if (own === undefined) return;
  if (others.length === 0) {
    const message = l10n.t("There is no other result. Pin this one, run again, and compare the two.");
    void window.showInformationMessage(message);
    return;
  }
  const before = await pickSide(others);
  const keys = before && (await pickKeys(before.kept, own.kept));
  if (before === null || keys === null) return;
  if (Math.max(before.kept.shownCount, own.kept.shownCount) > MAX_COMPARED_ROWS) {
    const limit = MAX_COMPARED_ROWS.toLocaleString("en");
    void window.showWarningMessage(
      l10n.t("Results of more than {0} rows are not compared: filter them first.", limit),
    );
    return;
  }
  await showDifferences(services, { before, after: own, keys });
}

function comparable({ results }: Services): Side[] {
  const { run, pins } = results;
  const ofRun = (run?.statements ?? []).map((statement) => ({
    title: run?.title ?? "",
    connectionName: run?.connectionName ?? "",
    statement,
  }));
  const pinned = pins.filter(({ statement }) => !run?.statement(statement.id));
  return [...ofRun, ...pinned].flatMap((side) => {
    const { kept } = side.statement;
    return kept === null || kept.kind === "differences" ? [] : [{ ...side, kept }];
  });
}

async function pickSide(sides: readonly Side[]): Promise<Side | null> {
  const items = sides.map((side): QuickPickItem & { side: Side } => ({
    label: summarise(side.statement.text),
    description: `${side.title}:${side.statement.origin.line}`,
    detail: l10n.t("{0} rows from {1}", side.kept.rowCount.toLocaleString("en"), side.connectionName),
    side,
  }));
  return (
    (await window.showQuickPick(items, { title: l10n.t("Compare with the Earlier Result") }))?.side ?? null
  );
}

/** The columns by which rows belong together; none for their position. */
async function pickKeys(before: ResultRows, after: ResultRows): Promise<string[] | null> {
  const names = new Set(before.columns.map(({ name }) => name));
  const shared = after.columns.filter(({ name }) => names.has(name));
  const likely = shared.find(({ name }) => /^(?:id|key|uuid|code)$|_id$/i.test(name));
  const picked = await window.showQuickPick(
    shared.map(
      (column): QuickPickItem => ({
        label: column.name,
        description: column.typeName,
        picked: column === likely,
      }),
    ),
    {
      canPickMany: true,
      title: l10n.t("Columns That Identify a Row"),
      placeHolder: l10n.t("None: rows are compared by their position"),
    },
  );
  return picked?.map(({ label }) => label) ?? null;
}

async function showDifferences(
  { results, resultsView }: Services,
  { before, after, keys }: { before: Side; after: Side; keys: readonly string[] },
): Promise<void> {
  const comparison = new Comparison({ before: before.kept, after: after.kept }, keys);
  const rows = new ResultRows(differenceColumns(before.kept, after.kept), results.space, "differences");
  const options = { location: ProgressLocation.Window, title: l10n.t("Comparing…") };
  const holds = [before.kept.hold(), after.kept.hold()];
  await window.withProgress(options, async () => {
    try {
      for await (const batch of comparison.run(new Slices(new AbortController().signal))) {
        rows.more = (await rows.append(batch, Number.MAX_SAFE_INTEGER)) ?? "none";
      }
    } finally {
      for (const letGo of holds) letGo();
    }
  });
  const { text, origin } = after.statement;
  const statement = results.makeStatement({ text, origin, copyData: null });
  statement.kept = rows;
  statement.state = "done";
  const { added, removed, changed, same } = comparison.counts;
  statement.command = l10n.t(
    "{0} added, {1} removed, {2} changed, {3} the same",
    added,
    removed,
    changed,
    same,
  );
  results.add({ title: after.title, connectionName: after.connectionName, statement });
  resultsView.bringToFront(statement.id);
}
