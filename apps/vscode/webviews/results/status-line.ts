import type { RunView, StatementView } from "../../shared/protocol/results.ts";
import { element, linkButton } from "../shared/dom.ts";
import { formatCount, formatDuration, rowsText } from "../shared/format.ts";

/** What the line's links do. */
export interface StatusActions {
  loadMore(): void;
  cancel(): void;
  reveal(): void;
}

function rowsPart(statement: StatementView, actions: StatusActions): Node[] {
  const { result } = statement;
  if (result === null) return [];
  const { rowCount, more } = result;
  if (more === "none") return [element("span", { text: rowsText(rowCount) })];
  const text = element("span", { text: `1–${formatCount(rowCount)} of ${formatCount(rowCount)}+ rows` });
  if (result.isLoading) return [text, element("span", { className: "dim", text: "loading…" })];
  if (more === "open") return [text, linkButton("Load more", actions.loadMore, "Fetch the next page")];
  const why = {
    closed: "run it again for more: its connection was given back",
    limit: "more rows are not kept, see rockpool.results.maxRows",
    size: "more rows are not kept: the result is as large as rockpool.results.maxMegabytes allows",
  }[more];
  return [text, element("span", { className: "dim", text: why })];
}

/** The parts of the time as a small bar and as numbers. */
function timingPart(statement: StatementView): Node[] {
  const { timing } = statement;
  if (timing === null) return [];
  const { waitMillis, serverMillis, fetchMillis } = timing;
  const parts: [string, number, string][] = [
    ["wait", waitMillis, "until the pool gave a connection"],
    ["server", serverMillis, "until the first row or the end"],
    ["fetch", fetchMillis, "from the first row to the last one fetched"],
  ];
  const bar = element("span", { className: "timing-bar", attributes: { "aria-hidden": "true" } });
  for (const [name, millis] of parts) {
    const part = element("span", { className: name });
    part.style.flexGrow = String(Math.max(millis, 0.001));
    bar.append(part);
  }
  const numbers = parts.map(([name, millis, title]) =>
    element(
      "span",
      { className: `timing ${name}`, title: `${name}: ${title}` },
      element("span", { className: "dim", text: name }),
      ` ${formatDuration(millis)}`,
    ),
  );
  return [bar, ...numbers];
}

/** The line under the rows: how many, how long, and what can be done. */
export function drawStatusLine(
  run: RunView,
  statement: StatementView | null,
  { selection, actions }: { selection: string; actions: StatusActions },
): HTMLElement {
  const left = statement === null ? [] : rowsPart(statement, actions);
  const connection = element("span", { className: "connection dim", text: run.connectionName });
  const source =
    statement === null
      ? null
      : linkButton(`${run.title}:${statement.line}`, actions.reveal, "Go to the statement");
  return element(
    "footer",
    { className: "status" },
    element("div", { className: "left", attributes: { role: "status" } }, ...left),
    element("div", { className: "middle", text: selection }),
    element(
      "div",
      { className: "right" },
      ...(statement === null ? [] : timingPart(statement)),
      source,
      connection,
    ),
  );
}
