import { describe, expect, it } from "vitest";
import { type LogEntry, violations } from "./log-checker.ts";

const asked = (caller: number): LogEntry => ({ event: "asked", caller });
const granted = (caller: number, backendPid: number): LogEntry => ({ event: "granted", caller, backendPid });
const released = (caller: number, backendPid: number): LogEntry => ({
  event: "released",
  caller,
  backendPid,
});

describe("the checker of a stress log", () => {
  it("finds nothing in a good log", () => {
    const log: LogEntry[] = [
      asked(1),
      asked(2),
      granted(1, 10),
      { event: "answered", caller: 1, sent: 1, received: 1 },
      released(1, 10),
      granted(2, 10),
      asked(3),
      { event: "refused", caller: 3, because: "POOL_ACQUIRE_TIMEOUT" },
      released(2, 10),
      { event: "backends", count: 1 },
    ];
    expect(violations(log, 1)).toEqual([]);
  });

  it.each<[string, LogEntry[], string]>([
    [
      "a shared backend",
      [asked(1), asked(2), granted(1, 10), granted(2, 10), released(1, 10)],
      "callers 1 and 2 share backend 10",
    ],
    ["too many leases", [asked(1), asked(2), granted(1, 10), granted(2, 11)], "2 leases, max is 1"],
    ["an overtaken caller", [asked(1), asked(2), granted(2, 10)], "caller 2 was served before caller 1"],
    ["a forgotten caller", [asked(1)], "caller 1 was never answered"],
    [
      "a caller settled twice",
      [asked(1), granted(1, 10), { event: "refused", caller: 1, because: "" }],
      "caller 1 was settled twice",
    ],
    [
      "somebody else's answer",
      [{ event: "answered", caller: 1, sent: 1, received: 2 }],
      "caller 1 sent 1 and got 2",
    ],
    ["too many backends", [{ event: "backends", count: 2 }], "2 backends, max is 1"],
    ["a lease that never ended", [asked(1), granted(1, 10)], "caller 1 never released"],
    ["a release of something else", [released(1, 10)], "caller 1 released what it had not"],
  ])("finds %s", (_name, log, expected) => {
    expect(violations(log, 1)).toContain(expected);
  });
});
