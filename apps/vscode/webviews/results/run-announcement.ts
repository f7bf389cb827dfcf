import type { RunView } from "../../shared/protocol/results.ts";
import { l10n } from "../shared/l10n.ts";
import { outcomeText } from "./messages.ts";

/** What a screen reader is told at the end of a run, whose outcome others see at a glance. */
export function announcementOf({ statements }: RunView): string {
  const [first, ...others] = statements;
  if (first === undefined) return "";
  const failed = statements.find(({ error, state }) => state === "failed" && error !== null);
  const count = statements.filter(({ state }) => state === "failed").length;
  if (failed?.error) {
    return others.length === 0
      ? l10n.t("Failed: {0}", failed.error.title)
      : l10n.t("{0} of {1} statements failed: {2}", count, statements.length, failed.error.title);
  }
  if (others.length === 0) return outcomeText(first);
  const done = statements.filter(({ state }) => state === "done").length;
  return l10n.t("{0} of {1} statements done", done, statements.length);
}
