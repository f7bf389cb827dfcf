import { expect, test } from "vitest";
import { createListenHub, type ListenGap } from "../../src/connection/listen.ts";
import { eventually, openConnection } from "../connection/world.ts";
import { rejection } from "../transaction/workbench.ts";
import { type HubSetup, Hubs } from "./hubs.ts";

const hubs = new Hubs();

test("a lost connection is opened again, listens again and reports the gap", async () => {
  const { hub, opened } = hubs.make();
  const heard: string[] = [];
  const gaps: ListenGap[] = [];
  for (const channel of ["a", "b"]) {
    await hub.listen(channel, {
      onNotify: (payload) => heard.push(channel + payload),
      onGap: (gap) => gaps.push(gap),
    });
  }
  await hubs.admin.query("select pg_terminate_backend($1)", [opened[0]?.backendPid]);
  await eventually(() => gaps.length === 2);
  expect(gaps[0]?.millis).toBeGreaterThanOrEqual(0);
  expect(gaps[0]?.cause).toMatchObject({ code: "57P01" });

  await hubs.notify("a", "1");
  await hubs.notify("b", "2");
  await eventually(() => heard.length === 2);
  expect(heard).toEqual(["a1", "b2"]);
  expect(gaps).toHaveLength(2);
});

test("a server that stays away is asked with pauses that double up to a limit, and jitter", async () => {
  const pauses: number[] = [];
  const { hub } = hubs.make({
    target: hubs.behindProxy,
    options: { minDelayMillis: 100, maxDelayMillis: 1_000 },
    async sleep(millis) {
      pauses.push(millis);
      if (pauses.length === 6) await hubs.proxy.restore();
    },
  });
  let gaps = 0;
  await hub.listen("a", {
    onNotify: () => {},
    onGap: () => {
      gaps += 1;
    },
  });
  await hubs.proxy.refuse();
  await eventually(() => gaps === 1);
  expect(pauses).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test("chance shortens a pause by up to a half", async () => {
  const pauses: number[] = [];
  const source = { connect: () => openConnection(hubs.behindProxy) };
  const world = {
    now: () => 0,
    random: () => 0.5,
    sleep: async (millis: number) => {
      pauses.push(millis);
    },
  };
  await using hub = createListenHub(source, { minDelayMillis: 100, heartbeatMillis: null }, world);
  let gaps = 0;
  const onGap = (): void => {
    gaps += 1;
  };
  await hub.listen("a", { onNotify: () => {}, onGap });
  hubs.proxy.cut();
  await eventually(() => gaps === 1);
  expect(pauses).toEqual([75]);
});

test("a channel that is added while the server is away is listened to when it is back, without a gap of its own", async () => {
  let wake = (): void => {};
  const { hub } = hubs.make({
    target: hubs.behindProxy,
    sleep: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  });
  const gaps: string[] = [];
  const heard: string[] = [];
  await hub.listen("old", { onNotify: () => {}, onGap: () => gaps.push("old") });
  const before = wake;
  hubs.proxy.cut();
  await eventually(() => wake !== before);
  const added = hub.listen("new", {
    onNotify: (payload) => heard.push(payload),
    onGap: () => gaps.push("new"),
  });
  wake();
  await added;
  await hubs.notify("new", "1");
  await eventually(() => heard.length === 1);
  expect(gaps).toEqual(["old"]);
});

/** Asks all the time whether the line is dead, and finds it alive when it connects again. */
const watchful: HubSetup = {
  session: { cancelGraceMillis: 20 },
  options: { heartbeatMillis: 1, heartbeatTimeoutMillis: 20 },
  async sleep(millis) {
    if (millis === 1) await new Promise((resolve) => setImmediate(resolve));
    else await hubs.proxy.restore();
  },
};

test("a line that went dead without a word is found by the heartbeat", async () => {
  const { hub } = hubs.make({ ...watchful, target: hubs.behindProxy });
  const gaps: ListenGap[] = [];
  await hub.listen("a", { onNotify: () => {}, onGap: (gap) => gaps.push(gap) });
  hubs.proxy.hang();
  await eventually(() => gaps.length === 1);
  expect(gaps[0]?.cause.message).toMatch(/did not act on a cancel/);
});

test("a line that went dead under a statement is found by the heartbeat behind it", async () => {
  const { hub } = hubs.make({ ...watchful, target: hubs.behindProxy });
  let gaps = 0;
  const onGap = (): void => {
    gaps += 1;
  };
  await hub.listen("a", { onNotify: () => {}, onGap });
  hubs.proxy.hang();
  expect(await rejection(hub.notify("a", "1"))).toMatchObject({ code: "POOL_QUERY_TIMEOUT" });
  await eventually(() => gaps === 1);
});
