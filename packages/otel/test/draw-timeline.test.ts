import { expect, test } from "vitest";
import { drawTimeline } from "../src/cli/terminal/draw-timeline.ts";
import { ReuseTimeline, type TimelineSnapshot } from "../src/timeline/index.ts";
import { span } from "./support/spans.ts";

/** A checkout of one second on each connection, of each process. */
function timelineOf(connections: readonly string[], pids: readonly number[] = [7]): TimelineSnapshot {
  const timeline = new ReuseTimeline();
  for (const pid of pids) {
    timeline.add(
      connections.map((id) =>
        span({
          endTimeUnixMillis: 1_000,
          attributes: { "rockpool.connection.id": id, "rockpool.connection.use_count": 1 },
          resource: { "service.name": "orders", "process.pid": pid },
        }),
      ),
    );
  }
  return timeline.snapshot();
}

function draw(snapshot: TimelineSnapshot, style: { width: number; isAscii?: boolean }): string[] {
  return drawTimeline(snapshot, { isAscii: false, isColoured: false, ...style }).split("\n");
}

const LONG = "reports-of-the-last-quarter-for-everybody#12";

test.each([30, 33, 50, 80, 200])("every line fits %i columns, however long the names are", (width) => {
  const snapshot = timelineOf(["main#1", LONG], [1_234_567, 7_654_321]);
  for (const line of draw(snapshot, { width })) expect(line.length).toBeLessThanOrEqual(width);
});

test("a name that is too long shows where it was cut, and keeps its number", () => {
  const [first = ""] = draw(timelineOf([LONG]), { width: 80 }).slice(2);
  expect(first).toMatch(/^…[\w-]+#12 █/);
  const [ascii = ""] = draw(timelineOf([LONG]), { width: 80, isAscii: true }).slice(2);
  expect(ascii).toMatch(/^~[\w-]+#12 #/);
});

test("the connections of several processes stand below the name of each", () => {
  const lines = draw(timelineOf(["main#1"], [7, 8]), { width: 60 }).slice(2, 6);
  expect(lines.map((line) => line.replace(/ +█.*/, ""))).toEqual([
    "orders 7",
    "main#1",
    "orders 8",
    "main#1",
  ]);
});

test("one process needs no heading", () => {
  const lines = draw(timelineOf(["main#1", "main#2"]), { width: 60 }).slice(2, 4);
  expect(lines.map((line) => line.slice(0, 6))).toEqual(["main#1", "main#2"]);
});
