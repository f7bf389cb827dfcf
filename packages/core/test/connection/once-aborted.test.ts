import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { onceAborted } from "../../src/connection/once-aborted.ts";

const listeners = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

describe("those who wait for the same signal", () => {
  it("share one listener, which goes with the last of them", () => {
    const { signal } = new AbortController();
    const forgets = Array.from({ length: 20 }, () => onceAborted(signal, () => {}));
    expect(listeners(signal)).toBe(1);
    for (const forget of forgets) forget();
    expect(listeners(signal)).toBe(0);
    onceAborted(signal, () => {});
    expect(listeners(signal)).toBe(1);
  });

  it("are each called once, in order, but for those who left, also within that very turn", () => {
    const controller = new AbortController();
    const heard: string[] = [];
    const hear = (name: string): (() => void) => onceAborted(controller.signal, () => heard.push(name));
    hear("first");
    const left = hear("left");
    onceAborted(controller.signal, () => leftLate());
    const leftLate = hear("left late");
    hear("last");
    left();
    controller.abort();
    expect(heard).toEqual(["first", "last"]);
    expect(listeners(controller.signal)).toBe(0);
  });

  it("wait twice where the same callback was given twice", () => {
    const controller = new AbortController();
    let calls = 0;
    const count = (): void => {
      calls += 1;
    };
    onceAborted(controller.signal, count)();
    onceAborted(controller.signal, count);
    onceAborted(controller.signal, count);
    controller.abort();
    expect(calls).toBe(2);
  });
});
