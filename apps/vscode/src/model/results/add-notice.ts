import type { Notice } from "../database.ts";

/** A loop that raises notices must fill neither the memory nor the view. */
const MOST_NOTICES = 1_000;

/** Adds a notice to those of a statement; the ones beyond the limit are told of once, by `explain`. */
export function addNotice(notices: Notice[], notice: Notice, explain: (limit: number) => string): void {
  if (notices.length < MOST_NOTICES) {
    notices.push(notice);
    return;
  }
  notices[MOST_NOTICES] = { severity: "INFO", message: explain(MOST_NOTICES), detail: null, hint: null };
}
