import { Recording } from "../webview/pool-recording.ts";
import { NOW, pool, seeded } from "../webview/pool-sample.ts";

/** Runs in the page: a host that tells of 50 connections and ten minutes of 500 checkouts a second. */
export function tellLoad(): number {
  const lanes = 50;
  const perSecond = 500;
  const random = seeded(5);
  const recording = new Recording(pool({ key: "own load", name: "load", max: lanes, slots: [] }));
  const ids = Array.from({ length: lanes }, (_, index) => recording.lane(index + 1));
  let count = 0;
  for (let at = NOW - 600_000; at < NOW; at += 1_000 / perSecond) {
    const lane = ids[count % lanes] ?? 0;
    count += 1;
    const held = 20 + random() * 70;
    const waitMillis = random() < 0.2 ? random() * 8 : 0;
    const statements = [{ start: at + 1, end: at + held * 0.8, summary: "SELECT orders" }];
    recording.use(lane, {
      start: at,
      end: at + held,
      waitMillis,
      source: waitMillis > 0 ? 3 : 1,
      statements,
    });
  }
  for (let at = NOW - 600_000; at < NOW; at += 500) {
    const used = 25 + Math.round(random() * 20);
    recording.numbers(at, { used, idle: lanes - used, connecting: 0, waiting: 0, max: lanes });
  }
  const started = performance.now();
  Reflect.get(globalThis, "dispatchEvent")(new MessageEvent("message", { data: recording.update(NOW) }));
  return performance.now() - started;
}

Reflect.set(globalThis, "tellLoad", tellLoad);
