import { describe, expect, it } from "vitest";
import type { Caller } from "./support/caller.ts";
import { type Behaviour, type CallKind, fail, never, nothing, ok } from "./support/fake-connector.ts";
import { Harness } from "./support/harness.ts";

const kinds: readonly CallKind[] = ["connect", "validate", "prepare", "reset", "close"];
const behaviours: Readonly<Record<string, Behaviour>> = {
  "answers well": ok(),
  fails: fail(),
  "throws within the call": { does: "throw", error: new Error("thrown") },
  "is slow": ok(400),
  "is slow to fail": fail(new Error("late"), 400),
  "never answers": never,
};

/** Five callers that hold what they get for a while. */
function ask(pool: Harness): Caller[] {
  return Array.from({ length: 5 }, () => {
    const caller = pool.ask({ timeoutMillis: 3_000 });
    const use = () => pool.clock.setTimer(() => pool.engine.release(caller.lease), 20);
    if (caller.slot !== null) use();
    else caller.onServed = use;
    return caller;
  });
}

describe("whatever a call to the connector does", () => {
  for (const kind of kinds) {
    for (const [name, behaviour] of Object.entries(behaviours)) {
      for (const obeysSignals of [true, false]) {
        it(`${kind} ${name}${obeysSignals ? "" : " and is deaf to its signal"}: everybody is settled, max holds, close ends`, async () => {
          const pool = new Harness({
            max: 2,
            validateAfterIdleMillis: 0,
            connectTimeoutMillis: 1_000,
            keepaliveIntervalMillis: 2_000,
          });
          await pool.warm(2);
          await pool.advance(10);
          pool.connector.obeysSignals = obeysSignals;
          pool.connector.behaviours[kind] = behaviour;
          if (kind === "connect") void pool.engine.evictAll();

          const callers = ask(pool);
          for (let at = 0; at < 3_000; at += 50) {
            await pool.advance(50);
            const { total, max } = pool.engine.stats();
            expect(total).toBeLessThanOrEqual(max);
          }
          await pool.advance(30);
          expect(callers.map((caller) => caller.settlements)).toEqual([1, 1, 1, 1, 1]);

          pool.connector.behaviours = {
            connect: ok(),
            validate: ok(),
            prepare: nothing,
            reset: nothing,
            close: ok(),
          };
          await pool.advance(10_000);
          const well = ask(pool);
          await pool.advance(1_000);
          expect(well.map((caller) => caller.error)).toEqual([null, null, null, null, null]);

          pool.connector.behaviours[kind] = behaviour;
          await pool.close(100);
          expect(pool.engine.stats()).toMatchObject({ total: 0, state: "closed" });
          await pool.advance(10_000);
          expect(pool.connector.open).toEqual([]);
          expect(pool.connector.faults).toEqual([]);
          expect(pool.clock.pending).toBe(0);
        });
      }
    }
  }
});
