import { describe, expect, it } from "vitest";
import { Census } from "../../src/engine/census.ts";
import { Slot, type SlotState } from "../../src/engine/slot.ts";
import { Task } from "../../src/engine/task.ts";

const states: Readonly<Record<SlotState["name"], SlotState>> = {
  idle: { name: "idle", since: 1 },
  acquired: { name: "acquired", since: 1, borrower: null },
  validating: { name: "validating", since: 1, task: new Task() },
  preparing: { name: "preparing", since: 1, task: new Task() },
  resetting: { name: "resetting", since: 1, task: new Task() },
  closing: { name: "closing", since: 1, reason: "idle", task: new Task() },
  closed: { name: "closed", since: 1, reason: "idle" },
};
const names = Object.keys(states) as SlotState["name"][];

/** Where a slot can go from each state; the ways to get there are in `pathTo`. */
const moves: Readonly<Record<SlotState["name"], readonly SlotState["name"][]>> = {
  idle: ["acquired", "validating", "preparing", "closing"],
  acquired: ["idle", "acquired", "preparing", "resetting", "closing"],
  validating: ["idle", "acquired", "preparing", "closing"],
  preparing: ["idle", "acquired", "closing"],
  resetting: ["idle", "acquired", "preparing", "closing"],
  closing: ["closed"],
  closed: [],
};

function slotIn(name: SlotState["name"]): { slot: Slot<string>; census: Census } {
  const census = new Census();
  const slot = new Slot({ id: 7, connection: "c", host: "h", bornAt: 0, expiresAt: null, epoch: 0 }, census);
  const path = { resetting: ["acquired"], closed: ["closing"] } as const;
  for (const step of name in path ? path[name as keyof typeof path] : []) slot.moveTo(states[step]);
  if (name !== "idle") slot.moveTo(states[name]);
  return { slot, census };
}

describe("a slot", () => {
  for (const from of names) {
    for (const to of names) {
      const isLegal = moves[from].includes(to);
      it(`${isLegal ? "goes" : "cannot go"} from ${from} to ${to}`, () => {
        const { slot, census } = slotIn(from);
        if (isLegal) {
          slot.moveTo(states[to]);
          expect(slot.state).toBe(states[to]);
          expect(census.open).toBe(to === "closed" ? 0 : 1);
        } else {
          expect(() => slot.moveTo(states[to])).toThrow(`bug: slot 7 cannot go from ${from} to ${to}`);
          expect(slot.state.name).toBe(from);
        }
      });
    }
  }

  it("is counted in the state in which it is, and in no other", () => {
    const { slot, census } = slotIn("idle");
    const counts = () => ({ ...census });
    const nothing = { idle: 0, acquired: 0, validating: 0, preparing: 0, resetting: 0, closing: 0, open: 0 };
    expect(counts()).toEqual({ ...nothing, idle: 1, open: 1 });
    for (const name of ["validating", "preparing", "acquired", "resetting", "closing"] as const) {
      slot.moveTo(states[name]);
      expect(counts()).toEqual({ ...nothing, [name]: 1, open: 1 });
    }
    slot.moveTo(states.closed);
    expect(counts()).toEqual(nothing);
  });

  it("is on its way while it is validated, prepared or reset", () => {
    for (const name of names) {
      const isArriving = name === "validating" || name === "preparing" || name === "resetting";
      expect([name, slotIn(name).census.arriving]).toEqual([name, isArriving ? 1 : 0]);
    }
  });

  it("has a lessee only while it is acquired by one", () => {
    for (const name of names) expect(slotIn(name).slot.lessee).toBeNull();
  });
});
