import { Uri, window } from "vscode";
import { describeFailure } from "../../model/failure.ts";
import type { Services } from "../../services.ts";
import { runSettings } from "../../vscode/settings.ts";

/** Rows of a page while all of them are loaded: few enough that a page is soon there and can be stopped after. */
const LARGE_PAGE = 4_000;

/** Reads on with the cursor that the editor of a result still holds: a page, or all that is left. */
export async function loadRows(
  { sessions, results, clock }: Services,
  statementId: number,
  amount: "page" | "all",
): Promise<void> {
  const statement = results.statement(statementId);
  const uri = statement && Uri.parse(statement.origin.uri);
  const session = uri && sessions.find(uri);
  const kept = statement?.kept;
  if (!kept || kept.loading !== null || kept.more !== "open" || !session) return;
  const { pageSize, maxRows } = runSettings(uri);
  kept.loading = amount;
  results.changed();
  let since = clock.now();
  try {
    await session.readOn(amount === "all" ? LARGE_PAGE : pageSize, async (page) => {
      await statement.append(page, { maxRows, fetchMillis: clock.now() - since });
      results.changed();
      since = clock.now();
      return amount === "all" && !statement.isFull;
    });
    if (statement.isFull) await session.endReading();
  } catch (error) {
    const failure = describeFailure(error);
    if (!failure.isCancelled) {
      statement.fail(failure, null);
      void window.showErrorMessage(failure.message);
    }
  } finally {
    kept.loading = null;
    results.changed();
  }
  await kept.rearrange();
  results.changed();
}

export async function stopLoading({ sessions, results }: Services, statementId: number): Promise<void> {
  const statement = results.statement(statementId);
  if (statement !== null) await sessions.find(Uri.parse(statement.origin.uri))?.stopReading();
}
