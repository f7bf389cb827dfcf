import { formatDuration, formatShare } from "../../timeline/format-duration.ts";
import { summarise } from "../../timeline/summarise.ts";
import type { Period, TimelineLane, TimelineSnapshot } from "../../timeline/timeline-model.ts";
import { laneCells } from "./lane-cells.ts";
import { glyphsOf, painter, type TerminalStyle } from "./palette.ts";

/** Narrower than this, not even the headline fits. */
export const MIN_WIDTH = 30;

const MIN_BAR_WIDTH = 10;
const MIN_LABEL_WIDTH = 10;
const MAX_LABEL_WIDTH = 28;
const TAIL_WIDTH = 22;

/** How many characters of a line belong to what. */
interface Columns {
  readonly label: number;
  readonly bar: number;
  /** Zero where there is no room. */
  readonly tail: number;
}

/** Draws a timeline as lines of text that fit the width, which is at least `MIN_WIDTH`. */
export function drawTimeline(snapshot: TimelineSnapshot, style: TerminalStyle): string {
  const { period, lanes } = snapshot;
  if (period === null) return "No checkout has been seen: are these the spans of a Rockpool pool?\n";
  const columns = columnsOf(lanes, style);
  return [
    headline(snapshot, style),
    `${" ".repeat(columns.label + 1)}${drawAxis(period, { style, barWidth: columns.bar })}`,
    ...drawLanes(lanes, period, { style, columns }),
    "",
    legend(style),
    "",
  ].join("\n");
}

function columnsOf(lanes: readonly TimelineLane[], { width }: TerminalStyle): Columns {
  const longest = Math.max(MIN_LABEL_WIDTH, ...lanes.map((lane) => lane.connectionId.length));
  const label = Math.min(MAX_LABEL_WIDTH, longest, width - MIN_BAR_WIDTH - 1);
  const tail = width >= label + TAIL_WIDTH + MIN_BAR_WIDTH + 2 ? TAIL_WIDTH : 0;
  return { label, tail, bar: width - label - 1 - (tail === 0 ? 0 : tail + 1) };
}

/** Where there are several processes, each has a line with its name above its lanes. */
function drawLanes(
  lanes: readonly TimelineLane[],
  period: Period,
  { style, columns }: { style: TerminalStyle; columns: Columns },
): string[] {
  const hasHeadings = new Set(lanes.map(processOf)).size > 1;
  const paint = painter(style.isColoured);
  return lanes.flatMap((lane, index) => {
    const label = fit(lane.connectionId, columns.label, style);
    const tail = columns.tail === 0 ? "" : ` ${tailOf(lane)}`;
    const row = `${label} ${drawBar(lane, period, { style, barWidth: columns.bar })}${tail}`.trimEnd();
    const before = lanes[index - 1];
    const isFirst = before === undefined || processOf(before) !== processOf(lane);
    if (!hasHeadings || !isFirst) return row;
    return [paint(fit(processOf(lane), style.width, style).trimEnd(), "strong"), row];
  });
}

function headline(snapshot: TimelineSnapshot, style: TerminalStyle): string {
  const summary = summarise(snapshot);
  const paint = painter(style.isColoured);
  const facts = [
    count(summary.connections, "connection"),
    count(summary.checkouts, "checkout"),
    summary.reusedShare === null ? "" : `${formatShare(summary.reusedShare)} reused`,
    summary.waitP99Millis === null ? "" : `wait p99 ${duration(summary.waitP99Millis, style)}`,
    summary.failedAcquires === 0 ? "" : paint(`${summary.failedAcquires} without a connection`, "failure"),
    summary.missedUses === 0 ? "" : `${summary.missedUses} uses not seen`,
  ];
  const separator = glyphsOf(style).separator;
  return wrap(facts.filter(Boolean), separator, style.width);
}

/** Breaks between facts, never within one. */
function wrap(facts: readonly string[], separator: string, width: number): string {
  const lines: string[] = [];
  for (const fact of facts) {
    const last = lines.at(-1);
    if (last !== undefined && visibleLength(last + separator + fact) <= width)
      lines[lines.length - 1] = last + separator + fact;
    else lines.push(fact);
  }
  return lines.join("\n");
}

function visibleLength(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what makes a colour code
  return text.replaceAll(/\u001b\[\d+m/g, "").length;
}

function drawBar(
  lane: TimelineLane,
  period: Period,
  options: { style: TerminalStyle; barWidth: number },
): string {
  const paint = painter(options.style.isColoured);
  const cells = laneCells(lane, period, { count: options.barWidth, glyphs: glyphsOf(options.style) });
  return cells.map((cell) => paint(cell.glyph, cell.tone)).join("");
}

function drawAxis(period: Period, options: { style: TerminalStyle; barWidth: number }): string {
  const { axis, tick } = glyphsOf(options.style);
  const total = duration(period.endUnixMillis - period.startUnixMillis, options.style);
  const start = new Date(period.startUnixMillis).toISOString().slice(11, 23);
  const room = options.barWidth - start.length - total.length - 2;
  const text =
    room < 1 ? axis.repeat(options.barWidth) : `${tick}${start}${axis.repeat(room)}${total}${tick}`;
  return painter(options.style.isColoured)(text, "quiet");
}

function tailOf(lane: TimelineLane): string {
  const uses = count(lane.checkouts.length + lane.missedUses, "use");
  const end = lane.opened?.failure ?? lane.closed?.reason ?? null;
  return printable(end === null ? uses : `${uses}, ${end}`).slice(0, TAIL_WIDTH);
}

function legend(style: TerminalStyle): string {
  const glyphs = glyphsOf(style);
  const paint = painter(style.isColoured);
  const full = glyphs.levels.at(-1) ?? "";
  const entries = style.isColoured
    ? [
        paint(`${full} found idle`, "idle"),
        paint(`${full} newly opened`, "new"),
        paint(`${full} released by another`, "queued"),
        paint(`${full} held now`, "held"),
      ]
    : [`${glyphs.levels[0]}${full} share of time in use`];
  const others = [
    `${glyphs.idle} idle`,
    `${glyphs.connecting} connecting`,
    `${glyphs.closed} closed`,
    `${glyphs.failed} failed`,
  ];
  return wrap([...entries, ...others.map((entry) => paint(entry, "quiet"))], "  ", style.width);
}

function processOf(lane: TimelineLane): string {
  return `${lane.serviceName ?? "?"} ${lane.process ?? ""}`.trimEnd();
}

/** Keeps the end, which holds the number of the connection. */
function fit(given: string, width: number, style: TerminalStyle): string {
  const text = printable(given);
  if (text.length <= width) return text.padEnd(width);
  return glyphsOf(style).cut + text.slice(text.length - width + 1);
}

/** What a sender calls things must not steer the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, "?");
}

function duration(millis: number, style: TerminalStyle): string {
  const text = formatDuration(millis);
  return style.isAscii ? text.replace("µ", "u") : text;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
