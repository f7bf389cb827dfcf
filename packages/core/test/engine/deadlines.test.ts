import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Deadlines, type Lane, type Timed } from "../../src/engine/deadlines.ts";
import type { Clock } from "../../src/engine/ports.ts";
import { VirtualClock } from "./support/virtual-clock.ts";

class Item implements Timed<Item> {
  readonly id: number;
  since = 0;
  lane: Lane<Item> | null = null;
  earlier: Item | null = null;
  later: Item | null = null;

  constructor(id: number) {
    this.id = id;
  }
}

/** Deadlines that remember what fell due, and when. */
function watched(clock: VirtualClock) {
  const due: { id: number; at: number }[] = [];
  const deadlines = new Deadlines<Item>(clock, (item, now) => due.push({ id: item.id, at: now }));
  return { due, deadlines };
}

describe("deadlines", () => {
  it("fall due exactly and in order, whatever is added and removed meanwhile", async () => {
    const step = fc.oneof(
      fc.record({ add: fc.integer({ min: 1, max: 40 }) }),
      fc.record({ remove: fc.nat({ max: 50 }) }),
      fc.record({ wait: fc.integer({ min: 1, max: 30 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const clock = new VirtualClock();
        const { due, deadlines } = watched(clock);
        const expected = new Map<Item, number>();
        let added = 0;
        for (const one of steps) {
          if ("add" in one) {
            const item = new Item(added++);
            deadlines.add(item, one.add, clock.now());
            expected.set(item, clock.now() + one.add);
          } else if ("remove" in one) {
            const item = [...expected.keys()].at(one.remove);
            if (item === undefined || item.lane === null) continue;
            deadlines.remove(item);
            expected.delete(item);
          } else await clock.advance(one.wait);
        }
        await clock.advance(100);
        expect(due).toHaveLength(expected.size);
        for (const [item, at] of expected) expect(due).toContainEqual({ id: item.id, at });
        expect(due.map(({ at }) => at)).toEqual(due.map(({ at }) => at).sort((a, b) => a - b));
        expect(clock.pending).toBe(0);
      }),
    );
  });

  it("share one timer", () => {
    const clock = new VirtualClock();
    const { deadlines } = watched(clock);
    for (let id = 0; id < 100; id += 1) deadlines.add(new Item(id), 1 + (id % 10), clock.now());
    expect(clock.pending).toBe(1);
  });

  it("set the timer anew only for one that is due earlier", () => {
    const clock = new VirtualClock();
    let timers = 0;
    const counting: Clock = {
      now: () => clock.now(),
      setTimer: (callback, delayMillis) => {
        timers += 1;
        return clock.setTimer(callback, delayMillis);
      },
    };
    const counted = new Deadlines<Item>(counting, () => undefined);
    counted.add(new Item(1), 10, clock.now());
    for (const delayMillis of [10, 10.5, 11, 20]) counted.add(new Item(2), delayMillis, clock.now());
    expect(timers).toBe(1);
    counted.add(new Item(3), 9, clock.now());
    expect(timers).toBe(2);
  });

  it("a deadline added while another one falls due is kept, also one of the same length", async () => {
    const clock = new VirtualClock();
    const due: number[] = [];
    const deadlines = new Deadlines<Item>(clock, (_item, now) => {
      due.push(clock.passed);
      if (due.length < 4) deadlines.add(new Item(0), due.length === 2 ? 5 : 10, now);
    });
    deadlines.add(new Item(0), 10, clock.now());
    await clock.advance(100);
    expect(due).toEqual([10, 20, 25, 35]);
  });

  it("of the same length share a lane, which is forgotten when it has run empty", async () => {
    const clock = new VirtualClock();
    const [first, second, other, late, later, last] = [1, 2, 3, 4, 5, 6].map((id) => new Item(id));
    const deadlines = new Deadlines<Item>(clock, (item) => {
      if (item === first && late !== undefined) deadlines.add(late, 10, clock.now());
    });
    const add = (item: Item | undefined, delayMillis: number) => {
      if (item !== undefined) deadlines.add(item, delayMillis, clock.now());
    };
    add(first, 10);
    add(other, 30);
    add(second, 10);
    const lane = first?.lane;
    expect(second?.lane).toBe(lane);
    expect(other?.lane).not.toBe(lane);
    await clock.advance(10);
    add(later, 10);
    expect([late?.lane, later?.lane]).toEqual([lane, lane]);
    await clock.advance(10);
    add(last, 10);
    expect(last?.lane).not.toBe(lane);
  });

  it("a deadline added while another one falls due does not delay those that were there before", async () => {
    const clock = new VirtualClock();
    const due: [number, number][] = [];
    const deadlines = new Deadlines<Item>(clock, (item, now) => {
      due.push([item.id, clock.passed]);
      if (item.id === 1) deadlines.add(new Item(3), 10, now);
    });
    deadlines.add(new Item(1), 10, clock.now());
    await clock.advance(1);
    deadlines.add(new Item(2), 10, clock.now());
    await clock.advance(100);
    expect(due).toEqual([
      [1, 10],
      [2, 11],
      [3, 20],
    ]);
  });

  it("what falls due together with one that throws is not lost", async () => {
    const clock = new VirtualClock();
    const due: number[] = [];
    const deadlines = new Deadlines<Item>(clock, (item) => {
      if (item.id === 0) throw new Error("bad listener");
      due.push(item.id);
    });
    for (const id of [0, 1]) deadlines.add(new Item(id), 10, clock.now());
    deadlines.add(new Item(2), 20, clock.now());
    await expect(clock.advance(10)).rejects.toThrow("bad listener");
    await clock.advance(20);
    expect(due).toEqual([1, 2]);
  });

  it("a timer that rings a little early is set again", () => {
    let now = 0;
    const callbacks: { callback: () => void; delayMillis: number }[] = [];
    const clock: Clock = {
      now: () => now,
      setTimer: (callback, delayMillis) => {
        callbacks.push({ callback, delayMillis });
        return { cancel: () => undefined };
      },
    };
    const due: number[] = [];
    const deadlines = new Deadlines<Item>(clock, (item) => due.push(item.id));
    deadlines.add(new Item(1), 10, 0);
    now = 9.6;
    callbacks[0]?.callback();
    expect([due, callbacks[1]?.delayMillis]).toEqual([[], 1]);
    now = 10;
    callbacks[1]?.callback();
    expect(due).toEqual([1]);
  });

  it("a deadline weeks away does not overflow the timer", () => {
    const delays: number[] = [];
    const clock: Clock = {
      now: () => 0,
      setTimer: (_callback, delayMillis) => {
        delays.push(delayMillis);
        return { cancel: () => undefined };
      },
    };
    new Deadlines<Item>(clock, () => undefined).add(new Item(1), 5_000_000_000, 0);
    expect(delays[0]).toBeLessThan(2 ** 31);
  });

  it("of many lengths fall due in their order, however often they are set anew", async () => {
    const clock = new VirtualClock();
    const due: number[] = [];
    const deadlines = new Deadlines<Item>(clock, (item, now) => {
      due.push(clock.passed);
      if (clock.passed < 500) deadlines.add(item, item.id, now);
    });
    const lengths = [37, 5, 29, 11, 3, 23, 31, 2, 17, 13, 7, 19];
    for (const length of lengths) deadlines.add(new Item(length), length, clock.now());
    await clock.advance(1_000);
    const expected = lengths.flatMap((length) =>
      Array.from({ length: Math.ceil(500 / length) }, (_, index) => (index + 1) * length),
    );
    expect(due).toEqual(expected.sort((a, b) => a - b));
  });

  it("may be stopped by what falls due, and set again", async () => {
    const clock = new VirtualClock();
    const due: number[] = [];
    const deadlines = new Deadlines<Item>(clock, (item, now) => {
      due.push(item.id);
      if (item.id !== 1) return;
      deadlines.stop();
      deadlines.add(new Item(4), 10, now);
      deadlines.add(new Item(5), 20, now);
    });
    for (const id of [1, 2]) deadlines.add(new Item(id), 10, clock.now());
    deadlines.add(new Item(3), 20, clock.now());
    await clock.advance(100);
    expect(due).toEqual([1, 4, 5]);
    expect(clock.pending).toBe(0);
  });

  it("stop forgets everything", async () => {
    const clock = new VirtualClock();
    const { due, deadlines } = watched(clock);
    const item = new Item(1);
    const now = clock.now();
    deadlines.add(item, 10, now);
    deadlines.stop();
    expect([clock.pending, item.lane]).toEqual([0, null]);
    deadlines.add(item, 30, now);
    await clock.advance(100);
    expect(due).toEqual([{ id: 1, at: now + 30 }]);
  });
});
