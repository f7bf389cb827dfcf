import type { RunView, StatementView } from "../../shared/protocol/results.ts";
import { element } from "../shared/dom.ts";
import { formatCount } from "../shared/format.ts";

/** What is in front: a statement's rows, or the messages of all. */
export type TabId = number | "messages";

/** The statements that gave rows, each of which has a tab. */
export function withRows(run: RunView): readonly StatementView[] {
  return run.statements.filter(({ result }) => result !== null);
}

/** Which tab a new run brings to the front: its error, else its last rows, else its messages. */
export function naturalTab(run: RunView): TabId {
  const hasFailed = run.statements.some(({ state }) => state === "failed");
  return hasFailed ? "messages" : (withRows(run).at(-1)?.id ?? "messages");
}

function badge(run: RunView): { text: string; className: string } | null {
  const failed = run.statements.filter(({ state }) => state === "failed").length;
  if (failed > 0) return { text: formatCount(failed), className: "badge failed" };
  const notices = run.statements.reduce((sum, { notices: list }) => sum + list.length, 0);
  return notices > 0 ? { text: formatCount(notices), className: "badge" } : null;
}

function tab(options: {
  label: Node | string;
  title: string;
  isSelected: boolean;
  onSelect: () => void;
}): HTMLElement {
  const made = element("button", {
    className: "tab",
    title: options.title,
    attributes: {
      role: "tab",
      type: "button",
      "aria-selected": String(options.isSelected),
      tabindex: options.isSelected ? "0" : "-1",
    },
    onClick: options.onSelect,
  });
  made.append(options.label);
  return made;
}

function resultLabel(statement: StatementView, index: number): HTMLElement {
  const count = statement.result === null ? "" : formatCount(statement.result.rowCount);
  const more = statement.result?.more === "none" ? "" : "+";
  return element(
    "span",
    {},
    `Result ${index + 1}`,
    element("span", { className: "count", text: `${count}${more}` }),
  );
}

/** The tabs of a run; arrow keys move between them. */
export function drawTabs(run: RunView, selected: TabId, onSelect: (id: TabId) => void): HTMLElement {
  const results = withRows(run).map((statement, index) =>
    tab({
      label: resultLabel(statement, index),
      title: `Line ${statement.line}: ${statement.summary}`,
      isSelected: statement.id === selected,
      onSelect: () => onSelect(statement.id),
    }),
  );
  const mark = badge(run);
  const messages = tab({
    label: element("span", {}, "Messages", mark && element("span", mark)),
    title: "Outcome, notices and errors of every statement",
    isSelected: selected === "messages",
    onSelect: () => onSelect("messages"),
  });
  const list = element(
    "div",
    { className: "tabs", attributes: { role: "tablist", "aria-label": "Results" } },
    ...results,
    messages,
  );
  list.addEventListener("keydown", (event) => moveBetween(list, event));
  return list;
}

function moveBetween(list: HTMLElement, event: KeyboardEvent): void {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  const tabs = [...list.querySelectorAll<HTMLButtonElement>(".tab")];
  const at = tabs.findIndex((each) => each.matches(":focus"));
  const next = tabs[(at + step + tabs.length) % tabs.length];
  if (step === 0 || next === undefined) return;
  event.preventDefault();
  next.click();
}
