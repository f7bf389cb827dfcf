import { expect, it } from "vitest";
import { Engine } from "../../src/engine/engine.ts";
import { Holder } from "../../src/engine/holder.ts";
import { defaultEngineOptions } from "../../src/engine/options.ts";
import type { EngineObserver } from "../../src/engine/ports.ts";
import type { EngineStats } from "../../src/engine/stats.ts";
import { Caller, type FakeSlot } from "./support/caller.ts";
import { EventLog } from "./support/event-log.ts";
import { type FakeConnection, FakeConnector, fail, never, ok } from "./support/fake-connector.ts";
import { VirtualClock } from "./support/virtual-clock.ts";

/** A life with everything in it that an observer is told of. */
async function live(observer: EngineObserver<FakeSlot, Caller> | null): Promise<EngineStats> {
  const clock = new VirtualClock();
  const connector = new FakeConnector<Caller>(clock);
  const engine = new Engine<FakeConnection, Caller>({
    name: "test",
    options: { ...defaultEngineOptions, max: 2, leakThresholdMillis: 100 },
    connector,
    clock,
    random: { next: () => 0 },
    observer,
  });
  const ask = (holder: Holder | null = null): Caller => {
    const caller = new Caller("caller", { timeoutMillis: 5_000, holder, lessee: new Holder(holder) });
    engine.acquire(caller);
    return caller;
  };

  connector.behaviours.connect = fail();
  const first = ask();
  await clock.advance(50);
  connector.behaviours.connect = ok(10);
  await clock.advance(500);
  const second = ask(first.lessee);
  await clock.advance(200);
  ask(second.lessee);
  await clock.advance(5_000);
  engine.release(first.lease);
  expect(engine.tryAcquire(null)).toBe(first.slot);
  engine.discard(first.lease);
  engine.release(second.lease);
  ask();
  connector.behaviours.close = never;
  const closed = engine.close({ timeoutMillis: 100, cancelLease: () => undefined });
  await clock.advance(1_000);
  await closed;
  expect(connector.open).toEqual([]);
  return engine.stats();
}

it("a pool that nobody observes does the same as one that is observed", async () => {
  const observed = await live(new EventLog());
  expect(observed).toMatchObject({
    createErrors: 1,
    leaksSuspected: 3,
    nestedAcquires: 2,
    deadlocks: 1,
    acquireRejected: 1,
    state: "closed",
  });
  expect(await live(null)).toEqual(observed);
});
