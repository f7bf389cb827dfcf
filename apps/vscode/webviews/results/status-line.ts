import type { StatementView, SummaryView } from "../../shared/protocol/results.ts";
import { element, linkButton } from "../shared/dom.ts";
import { formatCount, formatDuration, rowsText } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";
import { summaryParts } from "./selection-summary.ts";

/** What the line's links do. */
export interface StatusActions {
  load(amount: "page" | "all"): void;
  stopLoading(): void;
  reveal(): void;
  runAgain(): void;
}

export interface StatusView {
  readonly statement: StatementView | null;
  readonly summary: SummaryView | null;
  /** The editor's name. */
  readonly title: string;
  readonly connectionName: string;
}

/** Why no more rows can be loaded. */
const WHY = {
  closed: l10n.t("for more, since its connection was given back"),
  limit: l10n.t("more rows are not kept, see {0}; Export writes all", "rockpool.results.maxRows"),
  size: l10n.t("more rows are not kept, see {0}; Export writes all", "rockpool.results.diskMegabytes"),
} as const;

function whyOf(statement: StatementView | null): string {
  const more = statement?.result?.more ?? "none";
  if (statement?.state === "failed") return l10n.t("then the query failed, see Messages");
  return more === "none" || more === "open" ? "" : WHY[more];
}

const PARTS = [
  ["wait", "waitMillis", l10n.t("wait"), l10n.t("until the pool gave a connection")],
  ["server", "serverMillis", l10n.t("server"), l10n.t("until the first row or the end")],
  ["fetch", "fetchMillis", l10n.t("fetch"), l10n.t("from the first row to the last one fetched")],
  [
    "render",
    "renderMillis",
    l10n.t("render"),
    l10n.t("from its arrival here until its first rows were drawn"),
  ],
] as const;

/** The line under the rows: how many, how long, and what can be done. Its links stay in place while the numbers change. */
export class StatusLine {
  readonly root: HTMLElement;
  readonly #rows = element("span");
  readonly #why = element("span", { className: "why dim" });
  readonly #more: HTMLElement;
  readonly #all: HTMLElement;
  readonly #stop: HTMLElement;
  readonly #again: HTMLElement;
  readonly #source: HTMLElement;
  readonly #middle = element("div", {
    className: "middle",
    attributes: { role: "status", "aria-label": l10n.t("Marked cells") },
  });
  readonly #timing = element("div", { className: "timings" });
  readonly #connection = element("span", { className: "connection dim" });
  #drawn = "";

  constructor(actions: StatusActions) {
    this.#more = linkButton(l10n.t("Load more"), () => actions.load("page"), l10n.t("Fetch the next page"));
    this.#all = linkButton(
      l10n.t("Load all"),
      () => actions.load("all"),
      l10n.t("Fetch every row, up to {0}", "rockpool.results.maxRows"),
    );
    this.#stop = linkButton(
      l10n.t("Stop"),
      () => actions.stopLoading(),
      l10n.t("Keep what is loaded, and load no more"),
    );
    this.#again = linkButton(
      l10n.t("Run again"),
      () => actions.runAgain(),
      l10n.t("Run the statement again"),
    );
    this.#source = linkButton("", () => actions.reveal(), l10n.t("Go to the statement"));
    this.root = element(
      "footer",
      { className: "status" },
      element(
        "div",
        { className: "left" },
        this.#rows,
        this.#more,
        this.#all,
        this.#stop,
        this.#again,
        this.#why,
      ),
      this.#middle,
      this.#timing,
      this.#source,
      this.#connection,
    );
  }

  update(view: StatusView): void {
    const drawn = JSON.stringify(view);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const { statement, summary, title, connectionName } = view;
    this.#drawRows(statement);
    this.#middle.replaceChildren(
      ...(summary === null ? [] : summaryParts(summary)).map(({ label, value }) =>
        element(
          "span",
          { className: "figure" },
          element("span", { className: "dim", text: label }),
          ` ${value}`,
        ),
      ),
    );
    this.#timing.replaceChildren(...(statement === null ? [] : timingPart(statement)));
    this.#source.hidden = statement === null;
    this.#source.textContent = statement === null ? "" : `${title}:${statement.line}`;
    this.#connection.textContent = connectionName;
  }

  #drawRows(statement: StatementView | null): void {
    const result = statement?.result ?? null;
    const isOpen = result?.more === "open";
    const isLoading = result !== null && result.loading !== null;
    this.#rows.textContent = statement === null ? "" : rowsOf(statement);
    this.#more.hidden = !isOpen || isLoading;
    this.#all.hidden = !isOpen || isLoading;
    this.#stop.hidden = result?.loading !== "all";
    const more = result?.more ?? "none";
    this.#why.textContent = isLoading ? l10n.t("loading…") : whyOf(statement);
    this.#why.title = this.#why.textContent;
    this.#again.hidden = more !== "closed" || isLoading;
  }
}

function rowsOf({ result, command }: StatementView): string {
  if (result === null) return "";
  const { rowCount, more, kind } = result;
  if (kind === "differences") return command ?? "";
  if (more === "none") return rowsText(rowCount);
  return l10n.t("1–{0} of {0}+ rows", formatCount(rowCount));
}

/** The parts of the time as a small bar and as numbers. */
function timingPart({ timing }: StatementView): Node[] {
  if (timing === null) return [];
  const parts = PARTS.flatMap(([name, key, label, title]) => {
    const millis = timing[key];
    return millis === null ? [] : [{ name, millis, label, title }];
  });
  const bar = element("span", { className: "timing-bar", attributes: { "aria-hidden": "true" } });
  for (const { name, millis } of parts) {
    const part = element("span", { className: name });
    part.style.flexGrow = String(Math.max(millis, 0.001));
    bar.append(part);
  }
  const numbers = parts.map(({ name, millis, label, title }) =>
    element(
      "span",
      { className: `timing ${name}`, title: `${label}: ${title}` },
      element("span", { className: "dim", text: label }),
      ` ${formatDuration(millis)}`,
    ),
  );
  return [bar, ...numbers];
}
