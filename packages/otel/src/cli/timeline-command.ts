import { writeFile } from "node:fs/promises";
import { renderTimelinePage } from "../page/render-timeline-page.ts";
import { ReuseTimeline } from "../timeline/reuse-timeline.ts";
import { InputError } from "./input-error.ts";
import { listen } from "./listen.ts";
import type { TimelineCommand } from "./parse-arguments.ts";
import { type ReadCounts, readSpans } from "./read-spans.ts";
import { drawTimeline, MIN_WIDTH } from "./terminal/draw-timeline.ts";
import type { TerminalStyle } from "./terminal/palette.ts";

/** A command line shows more than a service should keep. */
const LIMITS = {
  maxLanes: 2_000,
  maxCheckoutsPerLane: 5_000,
  maxQueriesPerLane: 20_000,
  maxFailedAcquires: 20_000,
};

const DEFAULT_WIDTH = 100;

/** Clears the terminal and puts the cursor at its top left. */
const CLEAR = "\u001b[2J\u001b[H";

/** Reads or receives spans, and shows their timeline. */
export async function runTimeline(command: TimelineCommand): Promise<void> {
  const timeline = new ReuseTimeline(LIMITS);
  if (command.port === null) await readAll(timeline, command.files.length === 0 ? ["-"] : command.files);
  else await receive(timeline, command, command.port);
  const snapshot = timeline.snapshot();
  if (command.htmlFile !== null) {
    await writeFile(command.htmlFile, renderTimelinePage(snapshot, { traceUrl: command.traceUrl }));
    note(`wrote ${command.htmlFile}`);
  }
  const text = command.isJson ? `${JSON.stringify(snapshot)}\n` : drawTimeline(snapshot, styleOf(command));
  process.stdout.write(text);
}

async function readAll(timeline: ReuseTimeline, files: readonly string[]): Promise<void> {
  for (const file of files) {
    if (file === "-" && process.stdin.isTTY) note("reading OTLP JSON lines from the terminal; Ctrl-D ends");
    const name = file === "-" ? "standard input" : file;
    const counts = await readSpans(file, (spans) => timeline.add(spans)).catch((error) => {
      throw new InputError(name, error);
    });
    tellOf(name, counts);
  }
}

function tellOf(name: string, { spans, lines, badLines, isSpread }: ReadCounts): void {
  if (badLines > 0) {
    const remedy = isSpread ? "; `jq -c .` puts each request on a line" : "";
    note(`${name}: ${badLines} of ${lines} lines are no OTLP JSON${remedy}`);
  }
  if (spans === 0) note(`${name}: no spans`);
}

async function receive(timeline: ReuseTimeline, command: TimelineCommand, port: number): Promise<void> {
  const isLive = process.stdout.isTTY && !command.isJson;
  const spans = await listen(timeline, {
    port,
    seconds: command.seconds,
    onListening: (url) => note(`listening: set OTEL_EXPORTER_OTLP_ENDPOINT=${url}`),
    onChange: () => {
      if (isLive) process.stdout.write(CLEAR + drawTimeline(timeline.snapshot(), styleOf(command)));
    },
  });
  if (isLive) process.stdout.write(CLEAR);
  if (spans === 0) note("no spans came in");
}

function styleOf(command: TimelineCommand): TerminalStyle {
  // A terminal that nobody has measured says zero.
  const terminal =
    process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : DEFAULT_WIDTH;
  return {
    width: command.width ?? Math.max(MIN_WIDTH, terminal),
    isAscii: command.isAscii,
    isColoured: process.stdout.isTTY && !process.env.NO_COLOR,
  };
}

/** Standard output is for the timeline alone. */
function note(text: string): void {
  process.stderr.write(`${text}\n`);
}
