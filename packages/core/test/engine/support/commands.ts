import fc from "fast-check";
import { defaultEngineOptions, type EngineOptions } from "../../../src/engine/options.ts";
import { type Behaviour, type CallKind, CapacityError, FatalError } from "./fake-connector.ts";
import { type EventName, eventNames } from "./reflexes.ts";

/** One thing that a caller, a server or an operator may do, from within whatever happens. `pick` chooses among what is there. */
export type Act =
  | { readonly do: "acquire"; readonly timeoutMillis: number | null; readonly nestedIn: number | null }
  | { readonly do: "tryAcquire" | "open" | "evictAll" | "evictIdle" | "suspend" | "resume" | "drain" }
  | { readonly do: "abort" | "release" | "discard"; readonly pick: number }
  | { readonly do: "work"; readonly pick: number; readonly millis: number | null }
  | { readonly do: "lose"; readonly pick: number; readonly evictHost: boolean }
  | { readonly do: "evictHost"; readonly host: string }
  | { readonly do: "resize"; readonly max: number; readonly min: number; readonly minIdle: number }
  | { readonly do: "prewarm"; readonly count: number }
  | { readonly do: "close"; readonly timeoutMillis: number };

/** What happens next: an act, time that passes, a change of the world, or an act that will follow an event at once. */
export type Command =
  | Act
  | { readonly do: "takeStats" }
  | { readonly do: "moveHost"; readonly host: string }
  | { readonly do: "advance"; readonly millis: number }
  | { readonly do: "mood"; readonly call: CallKind; readonly behaviour: Behaviour }
  | { readonly do: "deaf"; readonly isDeaf: boolean }
  | { readonly do: "reflex"; readonly on: EventName; readonly act: Act };

const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant("ok" as const),
      afterMillis: fc.constantFrom(0, 1, 20, 150, 3_000),
    }),
  },
  fc.record({
    does: fc.constant("fail" as const),
    afterMillis: fc.constantFrom(0, 5, 200),
    error: fc.constantFrom(new Error("refused"), new CapacityError("full"), new FatalError("fatal")),
  }),
  fc.constant({ does: "never" as const }),
  fc.constant({ does: "throw" as const, error: new Error("thrown") }),
);

const quietBehaviour: fc.Arbitrary<Behaviour> = fc.oneof(
  fc.constant({ does: "nothing" as const }),
  behaviour,
);
const pick = fc.nat({ max: 20 });
const host = fc.constantFrom("db1", "db2");

const mood: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    do: fc.constant("mood" as const),
    call: fc.constantFrom<CallKind>("connect", "validate", "close"),
    behaviour,
  }),
  fc.record({
    do: fc.constant("mood" as const),
    call: fc.constantFrom<CallKind>("prepare", "reset"),
    behaviour: quietBehaviour,
  }),
);

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      do: fc.constant("acquire" as const),
      timeoutMillis: fc.constantFrom(null, 0, 10, 100, 1_000, 30_000),
      nestedIn: fc.option(pick, { freq: 3 }),
    }),
  },
  { weight: 10, arbitrary: fc.record({ do: fc.constant("release" as const), pick }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("abort" as const, "discard" as const), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("work" as const),
      pick,
      millis: fc.constantFrom(null, 0, 1, 30, 400),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("tryAcquire" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("lose" as const), pick, evictHost: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("evictHost" as const), host }) },
  {
    weight: 2,
    arbitrary: fc
      .record({ max: fc.integer({ min: 1, max: 6 }), min: fc.nat({ max: 6 }), minIdle: fc.nat({ max: 6 }) })
      .map(({ max, min, minIdle }) => ({
        do: "resize" as const,
        max,
        min: Math.min(min, max),
        minIdle: Math.min(minIdle, max),
      })),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("prewarm" as const), count: fc.nat({ max: 6 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom("suspend" as const, "resume" as const, "resume" as const) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("open" as const, "evictAll" as const, "evictIdle" as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drain" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("close" as const), timeoutMillis: fc.constantFrom(0, 50, 2_000) }),
  },
);

export const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 45, arbitrary: act },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant("advance" as const),
      millis: fc.constantFrom(0, 1, 9, 50, 120, 501, 5_000, 40_000),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("reflex" as const), on: fc.constantFrom(...eventNames), act }),
  },
  { weight: 4, arbitrary: mood },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("moveHost" as const), host }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("takeStats" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("deaf" as const), isDeaf: fc.boolean() }) },
);

export const engineOptions: fc.Arbitrary<EngineOptions> = fc
  .record({
    max: fc.integer({ min: 1, max: 5 }),
    min: fc.nat({ max: 3 }),
    minIdle: fc.nat({ max: 2 }),
    maxIdle: fc.constantFrom(null, null, null, 0, 1, 2),
    idleOrder: fc.constantFrom("lifo" as const, "fifo" as const),
    maxWaiting: fc.constantFrom(null, null, null, 0, 2),
    maxUses: fc.constantFrom(null, null, 1, 3),
    idleTimeoutMillis: fc.constantFrom(null, 4_000, 600_000),
    maxLifetimeMillis: fc.constantFrom(null, 8_000, 3_600_000),
    keepaliveIntervalMillis: fc.constantFrom(null, 3_000, 120_000),
    validateAfterIdleMillis: fc.constantFrom(null, 0, 500),
    leakThresholdMillis: fc.constantFrom(null, 100),
    connectTimeoutMillis: fc.constantFrom(500, 10_000),
    nestedAcquire: fc.constantFrom("throw" as const, "throw" as const, "warn" as const, "allow" as const),
  })
  .map((some) => ({
    ...defaultEngineOptions,
    ...some,
    min: Math.min(some.min, some.max, some.maxIdle ?? some.max),
    minIdle: Math.min(some.minIdle, some.max, some.maxIdle ?? some.max),
  }));
