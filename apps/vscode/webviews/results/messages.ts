import type { ErrorView, NoticeView, RunView, StatementView } from "../../shared/protocol/results.ts";
import { element, ICONS, icon, linkButton } from "../shared/dom.ts";
import { formatCount, formatDuration, rowsText } from "../shared/format.ts";

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
} as const;

/** What a statement did, in a few words. */
export function outcomeText(statement: StatementView): string {
  const { state, command, affected, result } = statement;
  if (state === "waiting") return "waiting for a connection";
  if (state === "asking") return "waiting for values";
  if (state === "cancelling") return "cancelling…";
  if (state !== "done") return state === "failed" ? "" : state;
  if (result !== null) return rowsText(result.rowCount) + (result.more === "none" ? "" : " so far");
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
  const place = error.place && `Line ${error.place.line}, column ${error.place.column}`;
  const rows: [string, string | null][] = [
    ["Detail", error.detail],
    ["Hint", error.hint],
    ["Context", error.context],
    ["What to do", error.remedy],
  ];
  return element(
    "div",
    { className: "error", attributes: { role: "alert" } },
    element("p", { className: "title", text: error.title }),
    element(
      "p",
      { className: "place" },
      error.code === null ? null : element("code", { text: error.code }),
      place === null ? null : linkButton(place, onReveal, "Go to the place in the editor"),
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
      linkButton(String(statement.line), reveal, `Go to line ${statement.line}`),
      element("code", { text: statement.summary, title: statement.summary }),
      element("span", { className: "outcome", text: outcomeText(statement) }),
      element("span", { className: "time", text: millis === null ? "" : formatDuration(millis) }),
    ),
    ...(error === null || statement.state === "cancelled" ? [] : [errorView(error, reveal)]),
    ...statement.notices.map(noticeView),
  );
}

/** Every statement of a run with its outcome, its notices and its error. */
export function drawMessages(run: RunView, onReveal: (id: number) => void): HTMLElement {
  const items = run.statements.map((statement) => statementItem(statement, onReveal));
  return element("ol", { className: "messages", attributes: { tabindex: "0" } }, ...items);
}
