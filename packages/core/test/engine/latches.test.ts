import { expect, it } from "vitest";
import { Latches } from "../../src/engine/latches.ts";

/** A latch that counts how often it was settled. */
function latch(): { isMet: () => boolean; settle: () => void; met: boolean; settled: number } {
  const one = {
    met: false,
    settled: 0,
    isMet: () => one.met,
    settle: () => {
      one.settled += 1;
    },
  };
  return one;
}

it("a latch is settled once, at the first look at which it is met", () => {
  const latches = new Latches();
  const [one, other] = [latch(), latch()];
  latches.add(one);
  latches.add(other);
  latches.check();
  expect([one.settled, other.settled]).toEqual([0, 0]);
  one.met = true;
  latches.check();
  latches.check();
  expect([one.settled, other.settled]).toEqual([1, 0]);
  other.met = true;
  latches.check();
  expect([one.settled, other.settled]).toEqual([1, 1]);
});

it("a latch that was taken away is not settled, and the others stay", () => {
  const latches = new Latches();
  const [gone, kept] = [latch(), latch()];
  latches.add(gone);
  latches.add(kept);
  latches.remove(gone);
  gone.met = true;
  kept.met = true;
  latches.check();
  expect([gone.settled, kept.settled]).toEqual([0, 1]);
});
