import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { rejection, until, useServer } from "./server.ts";

const test = useServer();

it("one signal serves any number of calls: a single listener while they run, and every one ends with its reason", async () => {
  const pool = test.pool({ max: 4 });
  const controller = new AbortController();
  const { signal } = controller;
  const calls = [
    ...Array.from({ length: 20 }, () =>
      pool.query("select pg_sleep(60)", [], { signal, timeoutMillis: 60_000 }),
    ),
    ...Array.from({ length: 20 }, () => pool.transaction(() => {}, { signal, timeoutMillis: 60_000 })),
    ...Array.from({ length: 20 }, () => pool.acquire({ signal })),
  ];
  const ends = Promise.all(calls.map((call) => rejection(call)));
  await until(() => pool.stats().acquired === 4 && pool.stats().waiting === 56);
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
  const reason = new Error("the service ends");
  controller.abort(reason);
  expect(new Set(await ends)).toEqual(new Set([reason]));
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
  await until(() => pool.stats().acquired === 0);
});
