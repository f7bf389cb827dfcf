import type {
  ErrorView,
  NoticeView,
  RunView,
  StatementStateView,
  StatementView,
} from "../../shared/protocol/results.ts";
import { element, ICONS, icon, linkButton } from "../shared/dom.ts";
import { formatCount, formatDuration, rowsText } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";

const STATE_ICONS = {
  queued: ICONS.dot,
  waiting: ICONS.clock,
  asking: ICONS.clock,
  running: ICONS.clock,
  cancelling: ICONS.stop,
  done: ICONS.check,
  failed: ICONS.error,
  cancelled: ICONS.stop,
  skipped: ICONS.dash,
  gone: ICONS.dot,
} as const;

/** What a statement is in that has no outcome of its own. */
const STATE_TEXTS: Readonly<Record<Exclude<StatementStateView, "done">, string>> = {
  queued: l10n.t("queued"),
  waiting: l10n.t("waiting for a connection"),
  asking: l10n.t("waiting for values"),
  running: l10n.t("running"),
  cancelling: l10n.t("cancelling…"),
  failed: "",
  cancelled: l10n.t("cancelled"),
  skipped: l10n.t("skipped"),
  gone: "",
};

/** What a statement did, in a few words. */
export function outcomeText({ state, command, affected, result }: StatementView): string {
  if (state !== "done") return STATE_TEXTS[state];
  if (result !== null) {
    const rows = rowsText(result.rowCount);
    return result.more === "none" ? rows : l10n.t("{0} so far", rows);
  }
  if (affected === null) return command ?? "";
  return `${command ?? ""} ${formatCount(affected)}`.trim();
}

function noticeView(notice: NoticeView): HTMLElement {
  const isWarning = notice.severity === "WARNING";
  const lines = [notice.detail, notice.hint].filter((line) => line !== null);
  return element(
    "div",
    { className: isWarning ? "notice warning" : "notice" },
    icon(isWarning ? ICONS.warning : ICONS.info),
    element("span", { className: "severity", text: notice.severity }),
    element(
      "span",
      { className: "text", text: notice.message },
      ...lines.map((text) => element("span", { className: "more", text })),
    ),
  );
}

function errorView(error: ErrorView, onReveal: () => void): HTMLElement {
  const place = error.place && l10n.t("Line {0}, column {1}", error.place.line, error.place.column);
  const rows: [string, string | null][] = [
    [l10n.t("Detail"), error.detail],
    [l10n.t("Hint"), error.hint],
    [l10n.t("Context"), error.context],
    [l10n.t("What to do"), error.remedy && l10n.known(error.remedy)],
  ];
  return element(
    "div",
    { className: "error", attributes: { role: "alert" } },
    element("p", { className: "title", text: error.title }),
    element(
      "p",
      { className: "place" },
      error.code === null ? null : element("code", { text: error.code }),
      place === null ? null : linkButton(place, onReveal, l10n.t("Go to the place in the editor")),
    ),
    ...rows
      .filter((row): row is [string, string] => row[1] !== null)
      .map(([label, text]) =>
        element("p", {}, element("span", { className: "label", text: label }), element("span", { text })),
      ),
  );
}

function statementItem(statement: StatementView, onReveal: (id: number) => void): HTMLElement {
  const { timing, error } = statement;
  const millis = timing === null ? null : timing.waitMillis + timing.serverMillis + timing.fetchMillis;
  const reveal = () => onReveal(statement.id);
  return element(
    "li",
    { className: `statement ${statement.state}` },
    element(
      "div",
      { className: "line" },
      icon(STATE_ICONS[statement.state]),
      linkButton(String(statement.line), reveal, l10n.t("Go to line {0}", statement.line)),
      element("code", { text: statement.summary, title: statement.summary }),
      element("span", { className: "outcome", text: outcomeText(statement) }),
      element("span", { className: "time", text: millis === null ? "" : formatDuration(millis) }),
    ),
    ...(error === null || statement.state === "cancelled" ? [] : [errorView(error, reveal)]),
    ...statement.notices.map(noticeView),
  );
}

/** What a view says of statements whose rows are gone, with the way to get them back. */
export function goneNotice(text: string, runAgain: () => void): HTMLElement {
  const button = element("button", {
    className: "primary",
    text: l10n.t("Run Again"),
    attributes: { type: "button" },
    onClick: runAgain,
  });
  return element("div", { className: "gone" }, icon(ICONS.info), element("span", { text }), button);
}

/** Every statement of a run with its outcome, its notices and its error. */
export function drawMessages(
  run: RunView,
  actions: { reveal: (id: number) => void; runAgain: (ids: readonly number[]) => void },
): HTMLElement {
  const items = run.statements.map((statement) => statementItem(statement, actions.reveal));
  const list = element("ol", { className: "messages", attributes: { tabindex: "0" } }, ...items);
  if (run.hasRows || run.statements.length === 0) return list;
  const text = l10n.t("This ran before the window was reloaded. Its rows are gone.");
  const notice = goneNotice(text, () => actions.runAgain(run.statements.map(({ id }) => id)));
  return element("div", { className: "recalled" }, notice, list);
}
