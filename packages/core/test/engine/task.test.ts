import { describe, expect, it } from "vitest";
import { Alarms } from "../../src/engine/alarm.ts";
import { Task } from "../../src/engine/task.ts";
import { settle, VirtualClock } from "./support/virtual-clock.ts";

/** A task that waits for a promise, and what it was told of it. */
function watching(promise: Promise<void>) {
  const clock = new VirtualClock();
  const alarms = new Alarms(clock);
  const task = new Task();
  const told: string[] = [];
  const end = {
    succeeded: () => told.push("succeeded"),
    failed: (error: unknown) => told.push(`failed: ${error instanceof Error ? error.message : "no error"}`),
  };
  task.watch(promise, { alarms, timeoutMillis: 50, now: clock.now() }, end);
  return { clock, task, told };
}

const never = new Promise<void>(() => undefined);

describe("a task", () => {
  it("can serve another call as long as nothing was started and nobody has asked for its signal", () => {
    expect(new Task().isUntouched).toBe(true);
    const asked = new Task();
    expect(asked.signal.aborted).toBe(false);
    expect(asked.isUntouched).toBe(false);
    expect(watching(never).task.isUntouched).toBe(false);
  });

  it("cannot serve another call when it is over", async () => {
    const { task, told } = watching(Promise.resolve());
    await settle();
    expect(told).toEqual(["succeeded"]);
    expect(task.isUntouched).toBe(false);
  });

  it("that has its answer is not failed by its time", async () => {
    const { clock, told } = watching(Promise.reject(new Error("no")));
    await settle();
    await clock.advance(100);
    expect(told).toEqual(["failed: no"]);
  });

  it("fails at its time, and aborts its signal with the same reason", async () => {
    const { clock, task, told } = watching(never);
    const { signal } = task;
    await clock.advance(49);
    expect([told, signal.aborted]).toEqual([[], false]);
    await clock.advance(1);
    expect(told).toEqual(["failed: no answer within 50 ms"]);
    expect(signal.reason).toMatchObject({ message: "no answer within 50 ms" });
  });

  it("that was given up before anything was started aborts nothing", () => {
    const task = new Task();
    const { signal } = task;
    task.cancel();
    expect(signal.aborted).toBe(false);
  });

  it("that was given up tells nobody, and aborts its signal once", async () => {
    let answer = (): void => undefined;
    const { clock, task, told } = watching(
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    let aborts = 0;
    task.signal.addEventListener("abort", () => {
      aborts += 1;
    });
    task.cancel();
    task.cancel();
    answer();
    await clock.advance(100);
    expect([told, aborts]).toEqual([[], 1]);
  });
});
