import type { PinView, RunView, StatementView } from "../../shared/protocol/results.ts";
import { element, ICONS, icon } from "../shared/dom.ts";
import { formatCount } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";

/** What is in front: a statement's rows, or the messages of all. */
export type TabId = number | "messages";

/** The statements that gave rows, each of which has a tab. */
export function withRows(run: RunView): readonly StatementView[] {
  return run.statements.filter(({ result }) => result !== null);
}

/** Which tab a new run brings to the front: its error, else its last rows, else its messages. An error after rows leaves them there. */
export function naturalTab(run: RunView): TabId {
  const hasFailed = run.statements.some(({ state, result }) => state === "failed" && result === null);
  return hasFailed ? "messages" : (withRows(run).at(-1)?.id ?? "messages");
}

interface TabLook {
  readonly id: TabId;
  readonly label: string;
  readonly note: string;
  readonly title: string;
  readonly badge: "failed" | "notices" | null;
  readonly isPinned: boolean;
}

function countOf({ result }: StatementView): string {
  return result === null ? "" : `${formatCount(result.rowCount)}${result.more === "none" ? "" : "+"}`;
}

function messagesTab(run: RunView): TabLook {
  const failed = run.statements.filter(({ state }) => state === "failed").length;
  const notices = run.statements.reduce((sum, { notices: list }) => sum + list.length, 0);
  const count = failed > 0 ? failed : notices;
  return {
    id: "messages",
    label: l10n.t("Messages"),
    note: count > 0 ? formatCount(count) : "",
    title: l10n.t("Outcome, notices and errors of every statement"),
    badge: failed > 0 ? "failed" : count > 0 ? "notices" : null,
    isPinned: false,
  };
}

function pinTab({ title, statement }: PinView): TabLook {
  const isDifference = statement.result?.kind === "differences";
  return {
    id: statement.id,
    label: isDifference ? l10n.t("Differences") : `${title}:${statement.line}`,
    note: countOf(statement),
    title: isDifference
      ? l10n.t("Differences: {0}", statement.summary)
      : l10n.t("Pinned: {0}", statement.summary),
    badge: null,
    isPinned: true,
  };
}

function looks(run: RunView | null, pins: readonly PinView[]): TabLook[] {
  const pinned = new Set(pins.map(({ statement }) => statement.id));
  const results = run === null ? [] : withRows(run).map((statement, index) => ({ statement, index }));
  const own = results
    .filter(({ statement }) => !pinned.has(statement.id))
    .map(({ statement, index }): TabLook => {
      const title = l10n.t("Line {0}: {1}", statement.line, statement.summary);
      return {
        id: statement.id,
        label: l10n.t("Result {0}", index + 1),
        note: countOf(statement),
        title,
        badge: null,
        isPinned: false,
      };
    });
  return [...own, ...(run === null ? [] : [messagesTab(run)]), ...pins.map(pinTab)];
}

/** The tabs of a pane; arrow keys move between them. They stay where they are while their texts change. */
export class Tabs {
  readonly root: HTMLElement;
  readonly #onSelect: (id: TabId) => void;
  readonly #onUnpin: (id: number) => void;
  readonly #tabs = new Map<TabId, { readonly button: HTMLElement; text: string }>();

  constructor(actions: { select: (id: TabId) => void; unpin: (id: number) => void }) {
    this.#onSelect = actions.select;
    this.#onUnpin = actions.unpin;
    this.root = element("div", {
      className: "tabs",
      attributes: { role: "tablist", "aria-label": l10n.t("Results") },
    });
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  update(run: RunView | null, pins: readonly PinView[], selected: TabId): void {
    const wanted = looks(run, pins);
    const ids = new Set(wanted.map(({ id }) => id));
    for (const [id, { button }] of this.#tabs) {
      if (ids.has(id)) continue;
      button.remove();
      this.#tabs.delete(id);
    }
    for (const [index, look] of wanted.entries()) this.#place(look, index, look.id === selected);
  }

  focusSelected(): void {
    this.root.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }

  #place(look: TabLook, index: number, isSelected: boolean): void {
    const known = this.#tabs.get(look.id) ?? { button: this.#make(look), text: "" };
    this.#tabs.set(look.id, known);
    const { button } = known;
    const text = JSON.stringify(look);
    if (known.text !== text) {
      known.text = text;
      button.title = look.title;
      button.replaceChildren(...labelOf(look));
    }
    if (isSelected && button.getAttribute("aria-selected") !== "true")
      queueMicrotask(() => button.scrollIntoView());
    button.setAttribute("aria-selected", String(isSelected));
    button.tabIndex = isSelected ? 0 : -1;
    if (this.root.children[index] !== button)
      this.root.insertBefore(button, this.root.children[index] ?? null);
  }

  #make({ id }: TabLook): HTMLElement {
    const attributes = { role: "tab", type: "button" };
    return element("button", { className: "tab", attributes, onClick: () => this.#onSelect(id) });
  }

  #key(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const tabs = [...this.#tabs.keys()];
    const order = [...this.root.children];
    const ids = tabs.sort((a, b) => this.#indexOf(order, a) - this.#indexOf(order, b));
    const at = ids.findIndex((id) => this.#tabs.get(id)?.button === document.activeElement);
    const next = ids[(at + step + ids.length) % ids.length];
    const current = ids[at];
    if (event.key === "Delete" && typeof current === "number") this.#onUnpin(current);
    else if (step === 0 || next === undefined) return;
    else this.#onSelect(next);
    event.preventDefault();
  }

  #indexOf(order: readonly Element[], id: TabId): number {
    const button = this.#tabs.get(id)?.button;
    return button === undefined ? -1 : order.indexOf(button);
  }
}

function labelOf({ label, note, badge, isPinned }: TabLook): Node[] {
  const className = badge === null ? "count" : badge === "failed" ? "badge failed" : "badge";
  const parts: Node[] = isPinned ? [icon(ICONS.pin, "pin")] : [];
  parts.push(element("span", { text: label }));
  if (note !== "") parts.push(element("span", { className, text: note }));
  return parts;
}
