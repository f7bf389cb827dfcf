import { TapeRecorder, TimelineTape } from "@rockpool/otel/timeline";
import { expect, it } from "vitest";
import type { PoolUpdate } from "../../shared/protocol/pool.ts";
import { DashboardSession } from "../../src/model/pool/dashboard-session.ts";
import { PoolHistories } from "../../src/model/pool/pool-histories.ts";
import { PoolNodes } from "../../src/model/pool/pool-nodes.ts";
import { PoolSources } from "../../src/model/pool/pool-source.ts";
import { ProgramPools } from "../../src/model/receiver/program-pools.ts";
import { SpanLoad } from "./load.ts";

const BEGIN = 1_800_000_000_000;
const PER_SECOND = 500;
const LOOKS_PER_SECOND = 4;

function bytesOf({ lanes, series }: PoolUpdate): number {
  const columns = Object.values(lanes.entries).map(
    (entry) => entry.lanes.byteLength + entry.times.byteLength + entry.words.byteLength,
  );
  return [...columns, ...series.map(({ cells }) => cells.byteLength)].reduce((sum, bytes) => sum + bytes, 0);
}

/** CPU time of a call, in milliseconds. */
function cpuOf(call: () => void): number {
  const before = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

it("sampling costs less than a hundredth of a core, and nothing while nobody looks", () => {
  const clock = { now: () => 0, after: () => () => {} };
  const source = new ProgramPools({ clock, unixNow: () => now(), hasEnded: () => false });
  const sources = new PoolSources();
  const tree = new PoolNodes(clock);
  sources.add(source);
  const histories = new PoolHistories(sources);
  let last: PoolUpdate | null = null;
  let sent = 0;
  const session = new DashboardSession({
    sources,
    histories,
    post: (message) => {
      if (message.type !== "update") return;
      last = message;
      sent += bytesOf(message);
    },
  });
  const load = new SpanLoad({ lanes: 50, perSecond: PER_SECOND });
  const now = (): number => BEGIN + (load.count * 1_000) / PER_SECOND;
  const recording = cpuOf(() => {
    while (load.count < 600 * PER_SECOND) source.addSpans(load.next(BEGIN));
  });
  expect(sources.pools[0]?.slots).toHaveLength(50);
  const whole = cpuOf(() => session.show(histories.look(now()), now()));
  const wholeBytes = sent;
  const clone = cpuOf(() => void structuredClone(last));
  sent = 0;
  const seconds = 30;
  let looking = 0;
  for (let look = 0; look < seconds * LOOKS_PER_SECOND; look += 1) {
    for (let one = 0; one < PER_SECOND / LOOKS_PER_SECOND; one += 1) source.addSpans(load.next(BEGIN));
    looking += cpuOf(() => {
      session.update(histories.look(now()), now());
      tree.update(sources.pools);
    });
  }
  const share = looking / (seconds * 1_000);
  session.hide();
  const sentShown = sent;
  for (let one = 0; one < 10 * PER_SECOND; one += 1) source.addSpans(load.next(BEGIN));
  expect(sent).toBe(sentShown);
  console.log(`
50 connections, ten minutes of ${PER_SECOND} checkouts a second with a statement each (${600 * PER_SECOND} checkouts):
  recording           ${((recording / (600 * PER_SECOND)) * 1_000).toFixed(1)} µs a checkout, ${((recording / 600_000) * 100).toFixed(2)} % of a core
  tape                ${(source.recorder.tape.byteLength / 1e6).toFixed(1)} MB
  whole snapshot      ${(wholeBytes / 1e6).toFixed(1)} MB in ${whole.toFixed(0)} ms of CPU, last part cloned in ${clone.toFixed(0)} ms
  looking ${LOOKS_PER_SECOND} times/s   ${(share * 100).toFixed(2)} % of a core, ${(sentShown / seconds / 1_000).toFixed(0)} kB a second
  while hidden        0 messages`);
  expect(share).toBeLessThan(0.01);
}, 600_000);

it("memory is bounded over a simulated day", () => {
  const perSecond = 10;
  const tape = new TimelineTape({ keepMillis: 630_000 });
  const recorder = new TapeRecorder(tape);
  const load = new SpanLoad({ lanes: 50, perSecond });
  const heap: number[] = [];
  const bytes: number[] = [];
  for (let hour = 1; hour <= 24; hour += 1) {
    while (load.count < hour * 3_600 * perSecond) recorder.add(load.next(BEGIN));
    globalThis.gc?.();
    heap.push(process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers);
    bytes.push(tape.byteLength);
  }
  const megabytes = (values: readonly number[]): string =>
    values.map((value) => (value / 1e6).toFixed(1)).join(" ");
  console.log(`
a day of ${perSecond} checkouts a second on 50 connections (${load.count} checkouts), hour by hour:
  tape, MB   ${megabytes(bytes)}
  heap, MB   ${megabytes(heap)}`);
  const [first = 0] = bytes;
  expect(Math.max(...bytes)).toBeLessThan(first * 1.5);
}, 600_000);
