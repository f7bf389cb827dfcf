import { expect, test } from "vitest";
import { LoadDriver } from "../src/load/load-driver.ts";
import { phases } from "../src/load/phases.ts";
import { type LoadRequest, pickRequest } from "../src/load/pick-request.ts";
import { seededRandom } from "../src/time/seeded-random.ts";
import { ManualClock } from "./manual-clock.ts";

interface World {
  readonly clock: ManualClock;
  readonly driver: LoadDriver;
  readonly sent: LoadRequest[];
  readonly end: AbortController;
  leaks: number;
}

function makeWorld(send: (request: LoadRequest) => Promise<number> = async () => 200, seed = 1): World {
  const clock = new ManualClock();
  const sent: LoadRequest[] = [];
  const world: World = {
    clock,
    sent,
    end: new AbortController(),
    leaks: 0,
    driver: new LoadDriver({
      rate: 100,
      clock,
      random: seededRandom(seed),
      send: (request) => {
        sent.push(request);
        return send(request);
      },
      leak: async () => {
        world.leaks += 1;
      },
    }),
  };
  return world;
}

async function runFor(world: World, millis: number): Promise<void> {
  const running = world.driver.run(world.end.signal);
  await world.clock.advance(millis);
  world.end.abort();
  await running;
}

test("the same seed gives the same numbers, and another seed gives others", () => {
  const take = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
  expect(take(7)).toEqual(take(7));
  expect(take(7)).not.toEqual(take(8));
  expect(take(7).every((number) => number >= 0 && number < 1)).toBe(true);
});

test("calm, a burst, a slow report and a leak follow one another for ever", () => {
  const stream = phases(seededRandom(1));
  const names = Array.from({ length: 8 }, () => stream.next().value.name);
  expect(names).toEqual(["calm", "burst", "report", "leak", "calm", "burst", "report", "leak"]);
});

test("twenty seconds see a burst, a report and a leak", async () => {
  const world = makeWorld();
  await runFor(world, 20_000);
  expect(world.sent.filter(({ path }) => path === "/report").length).toBeGreaterThanOrEqual(1);
  expect(world.leaks).toBeGreaterThanOrEqual(1);
});

test("as many visitors come as the rate says, and several times as many in a burst", async () => {
  const world = makeWorld();
  const running = world.driver.run(world.end.signal);
  await world.clock.advance(2_000);
  const inCalm = world.sent.length;
  while (world.driver.counts().phase !== "burst") await world.clock.advance(50);
  const before = world.sent.length;
  await world.clock.advance(1_000);
  expect(inCalm).toBeGreaterThan(150);
  expect(inCalm).toBeLessThan(250);
  expect(world.sent.length - before).toBeGreaterThan(500);
  world.end.abort();
  await running;
});

test("two runs with one seed send the same requests", async () => {
  const [one, other] = [makeWorld(), makeWorld()];
  await runFor(one, 5_000);
  await runFor(other, 5_000);
  expect(one.sent).toEqual(other.sent);
  expect(one.sent.length).toBeGreaterThan(300);
});

test("answers of 500 and requests without an answer are failures, refusals are not", async () => {
  const statuses = [200, 409, 500, 503];
  const world = makeWorld(async () => {
    const status = statuses.pop();
    if (status === undefined) throw new Error("connection reset");
    return status;
  });
  const running = world.driver.run(world.end.signal);
  while (world.sent.length < 5) await world.clock.advance(10);
  const sent = world.sent.length;
  expect(world.driver.counts().failures).toBe(sent - 2);
  world.end.abort();
  await running;
});

test("a service that never answers is not flooded without end", async () => {
  const world = makeWorld(() => new Promise(() => {}));
  void world.driver.run(world.end.signal);
  await world.clock.advance(10_000);
  const { inFlight, turnedAway } = world.driver.counts();
  expect(inFlight).toBeLessThanOrEqual(258);
  expect(turnedAway).toBeGreaterThan(0);
});

test("every endpoint of the shop is visited", () => {
  const random = seededRandom(3);
  const paths = Array.from({ length: 500 }, () => pickRequest(random).path.replace(/\d+|\?.*/g, ""));
  expect(new Set(paths)).toEqual(
    new Set(["/", "/customers/", "/orders/recent", "/search", "/health", "/checkout"]),
  );
});
