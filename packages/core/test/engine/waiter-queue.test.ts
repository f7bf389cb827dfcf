import { describe, expect, it } from "vitest";
import { Holder } from "../../src/engine/holder.ts";
import { WaiterQueue } from "../../src/engine/waiter-queue.ts";
import { Caller } from "./support/caller.ts";
import { VirtualClock } from "./support/virtual-clock.ts";

function queued(...names: string[]): { queue: WaiterQueue<Caller>; callers: Caller[]; clock: VirtualClock } {
  const clock = new VirtualClock();
  const queue = new WaiterQueue<Caller>(clock, (caller) => queue.remove(caller));
  const callers = names.map((name) => new Caller(name));
  for (const caller of callers) queue.add(caller, clock.now());
  return { queue, callers, clock };
}

describe("the queue", () => {
  it("knows who is first and last, whoever leaves", () => {
    const { queue, callers } = queued("a", "b", "c", "d");
    const ends = () => [queue.length, queue.first?.name, queue.last?.name];
    const leave = (name: string) => {
      for (const caller of callers) if (caller.name === name) queue.remove(caller);
    };
    expect(ends()).toEqual([4, "a", "d"]);
    leave("b");
    expect(ends()).toEqual([3, "a", "d"]);
    leave("a");
    expect(ends()).toEqual([2, "c", "d"]);
    leave("d");
    expect(ends()).toEqual([1, "c", "c"]);
    leave("c");
    expect(ends()).toEqual([0, undefined, undefined]);
  });

  it("tells how many are ahead of somebody, up to a limit", () => {
    const { queue, callers } = queued("a", "b", "c", "d");
    expect(callers.map((caller) => queue.positionOf(caller, 10))).toEqual([0, 1, 2, 3]);
    expect(callers.map((caller) => queue.positionOf(caller, 2))).toEqual([0, 1, 2, 2]);
    expect(queue.positionOf(new Caller("stranger"), 10)).toBe(4);
  });

  it("remembers since when it has not been empty", () => {
    const { queue, callers, clock } = queued("a", "b");
    const since = clock.now();
    queue.add(new Caller("c"), since + 10);
    expect(queue.since).toBe(since);
    for (const caller of callers) queue.remove(caller);
    queue.add(new Caller("d"), since + 20);
    expect(queue.since).toBe(since);
    for (let one = queue.first; one !== null; one = queue.first) queue.remove(one);
    queue.add(new Caller("e"), since + 30);
    expect(queue.since).toBe(since + 30);
  });

  it("finds who came last of those that are wanted", () => {
    const { queue } = queued("a", "b", "c");
    expect(queue.findLast((caller) => caller.name < "c")?.name).toBe("b");
    expect(queue.findLast(() => true)?.name).toBe("c");
    expect(queue.findLast(() => false)).toBeNull();
  });

  it("counts those that hold a connection, in every context around them", () => {
    const { queue } = queued("a");
    const outer = new Holder(null);
    const inner = new Holder(outer);
    const counts = () => [queue.nested, outer.waiting, inner.waiting];
    const [one, other] = [new Caller("one", { holder: inner }), new Caller("other", { holder: outer })];
    queue.add(one, 0);
    queue.add(other, 0);
    expect(counts()).toEqual([2, 2, 1]);
    queue.remove(one);
    expect(counts()).toEqual([1, 1, 0]);
    queue.remove(other);
    expect(counts()).toEqual([0, 0, 0]);
  });

  it("cannot be left by somebody who is not in it", () => {
    const { queue, callers } = queued("a");
    for (const caller of callers) queue.remove(caller);
    for (const caller of callers)
      expect(() => queue.remove(caller)).toThrow("bug: a waiter left a queue that it was not in");
    expect(queue.length).toBe(0);
  });

  it("is told of each deadline and of none after it was stopped", async () => {
    const { queue, clock } = queued();
    queue.add(new Caller("a", { timeoutMillis: 10 }), clock.now());
    queue.add(new Caller("b", { timeoutMillis: 20 }), clock.now());
    await clock.advance(10);
    expect(queue.first?.name).toBe("b");
    queue.stop();
    await clock.advance(100);
    expect(queue.length).toBe(1);
    expect(clock.pending).toBe(0);
  });
});
