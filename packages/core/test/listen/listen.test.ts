import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { createListenHub } from "../../src/connection/listen.ts";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import { ConfigError } from "../../src/errors.ts";
import { eventually, openConnection } from "../connection/world.ts";
import { rejection } from "../transaction/workbench.ts";
import { Hubs } from "./hubs.ts";

const hubs = new Hubs();

async function channelsOf(connection: OpenConnection | undefined): Promise<string[]> {
  const { rows } = (await connection?.query<{ name: string }>(
    "select pg_listening_channels() as name order by 1",
  )) ?? { rows: [] };
  return rows.map(({ name }) => name);
}

test("a subscription hears what is notified after listen resolved, in order, with who said it", async () => {
  const { hub } = hubs.make();
  const heard: [string, number][] = [];
  await using subscription = await hub.listen("orders", {
    onNotify: (payload, { processId }) => heard.push([payload, processId]),
  });
  for (const payload of ["1", "2", "3"]) await hubs.notify("orders", payload);
  await eventually(() => heard.length === 3);
  expect(heard).toEqual(["1", "2", "3"].map((payload) => [payload, hubs.admin.backendPid]));
  expect(subscription.channel).toBe("orders");
});

test("all channels share one connection, and two subscriptions share one LISTEN", async () => {
  const { hub, opened } = hubs.make();
  const heard: string[] = [];
  await Promise.all([
    hub.listen("a", { onNotify: (payload) => heard.push(`first ${payload}`) }),
    hub.listen("a", { onNotify: (payload) => heard.push(`second ${payload}`) }),
    hub.listen("b", { onNotify: (payload) => heard.push(`b ${payload}`) }),
  ]);
  await hubs.notify("a", "1");
  await hubs.notify("b", "2");
  await eventually(() => heard.length === 3);
  expect(heard.sort()).toEqual(["b 2", "first 1", "second 1"]);
  expect(opened).toHaveLength(1);
  expect(await channelsOf(opened[0])).toEqual(["a", "b"]);
});

test("the server forgets a channel with its last subscription, and the connection closes with the last of all", async () => {
  const { hub, opened } = hubs.make();
  const onNotify = (): void => {};
  const first = await hub.listen("a", { onNotify });
  const second = await hub.listen("a", { onNotify });
  const other = await hub.listen("b", { onNotify });
  await first.close();
  expect(await channelsOf(opened[0])).toEqual(["a", "b"]);
  await second.close();
  expect(await channelsOf(opened[0])).toEqual(["b"]);
  await other.close();
  await eventually(async () => {
    const text = "select 1 from pg_stat_activity where pid = $1";
    return (await hubs.admin.query(text, [opened[0]?.backendPid])).rows.length === 0;
  });

  await using _again = await hub.listen("a", { onNotify });
  expect(opened).toHaveLength(2);
});

test("a closed subscription hears nothing any more", async () => {
  const { hub } = hubs.make();
  const heard: string[] = [];
  const closed = await hub.listen("a", { onNotify: (payload) => heard.push(`closed ${payload}`) });
  await using _open = await hub.listen("a", { onNotify: (payload) => heard.push(payload) });
  void closed.close();
  await hubs.notify("a", "1");
  await eventually(() => heard.length > 0);
  expect(heard).toEqual(["1"]);
  expect(closed.isClosed).toBe(true);
});

test("a channel is named exactly as given, whatever is in the name", async () => {
  const { hub } = hubs.make();
  for (const channel of ['Say "Hi"; drop table items', "größe", "UPPER"]) {
    const heard: string[] = [];
    await using _subscription = await hub.listen(channel, { onNotify: (payload) => heard.push(payload) });
    await hubs.notify(channel, "x");
    await eventually(() => heard.length === 1);
  }
});

test("a name that the server would cut is refused", async () => {
  const { hub, opened } = hubs.make();
  for (const channel of ["", "x".repeat(64), "ü".repeat(32), "a\0b"]) {
    expect(await rejection(hub.listen(channel, { onNotify: () => {} }))).toMatchObject({
      code: "POOL_CONFIG",
    });
  }
  expect(opened).toHaveLength(0);
});

test("an attempt to connect ends in time, whatever opens the connection", async () => {
  const source = { connect: () => new Promise<OpenConnection>(() => {}) };
  await using hub = createListenHub(source, { connectTimeoutMillis: 20 });
  expect(await rejection(hub.listen("a", { onNotify: () => {} }))).toMatchObject({
    code: "POOL_CONNECT",
    message: expect.stringMatching(/^no connection to the server within 20 ms/),
  });
});

test("a notification gives up in time, the connect before it included", async () => {
  const source = { connect: () => new Promise<OpenConnection>(() => {}) };
  await using hub = createListenHub(source);
  expect(await rejection(hub.notify("a", "1", { timeoutMillis: 20 }))).toMatchObject({
    code: "POOL_QUERY_TIMEOUT",
    timeoutMillis: 20,
  });
});

test("the first connect that fails is the caller's, and leaves nothing behind", async () => {
  await hubs.proxy.refuse();
  const { hub, opened } = hubs.make({ target: hubs.behindProxy });
  expect(await rejection(hub.listen("a", { onNotify: () => {} }))).toMatchObject({ code: "ECONNREFUSED" });
  await hubs.proxy.restore();
  await using _subscription = await hub.listen("a", { onNotify: () => {} });
  expect(opened).toHaveLength(1);
});

test("an abort gives up the listen, and later closes the subscription", async () => {
  const { hub } = hubs.make();
  const reason = new Error("enough");
  expect(await rejection(hub.listen("a", { onNotify: () => {}, signal: AbortSignal.abort(reason) }))).toBe(
    reason,
  );

  const early = new AbortController();
  const pending = rejection(hub.listen("a", { onNotify: () => {}, signal: early.signal }));
  early.abort(reason);
  expect(await pending).toBe(reason);

  const late = new AbortController();
  const subscription = await hub.listen("a", { onNotify: () => {}, signal: late.signal });
  late.abort(reason);
  expect(subscription.isClosed).toBe(true);
});

test("notify reaches other sessions, and needs no subscription", async () => {
  const { hub: listener } = hubs.make();
  const { hub: speaker, opened } = hubs.make();
  const heard: string[] = [];
  await listener.listen("a", { onNotify: (payload) => heard.push(payload) });
  await speaker.notify("a", 'it\'s "quoted"');
  await speaker.notify("a");
  await eventually(() => heard.length === 2);
  expect(heard).toEqual(['it\'s "quoted"', ""]);
  expect(opened.length).toBeGreaterThan(0);
});

test("a listener runs in the asynchronous context of whoever subscribed", async () => {
  const storage = new AsyncLocalStorage<string>();
  const { hub } = hubs.make();
  const seen: (string | undefined)[] = [];
  const onNotify = (): void => void seen.push(storage.getStore());
  await storage.run("first", () => hub.listen("a", { onNotify }));
  await storage.run("second", () => hub.listen("a", { onNotify }));
  await hubs.notify("a", "");
  await eventually(() => seen.length === 2);
  expect(seen).toEqual(["first", "second"]);
});

test("behind a transaction pooler LISTEN is refused, with what to do", async () => {
  const source = { connect: () => openConnection(hubs.server, { pooler: "transaction" }) };
  await using hub = createListenHub(source);
  expect(await rejection(hub.listen("a", { onNotify: () => {} }))).toMatchObject({
    code: "POOL_CONFIG",
    message: expect.stringMatching(/pooler: 'transaction' rules out LISTEN; .*server itself/),
  });
});

test("a hub refuses settings that could not work when it is made", () => {
  const source = { connect: () => openConnection(hubs.server) };
  for (const [options, message] of [
    [
      { heartbeatMillis: Number.NaN },
      "heartbeatMillis must be a number of milliseconds or null for off, not NaN",
    ],
    [{ minDelayMillis: -1 }, "minDelayMillis must be a number of milliseconds or null for off, not -1"],
    [
      { heartbeatTimeoutMillis: null },
      "heartbeatTimeoutMillis is a number of milliseconds and cannot be off",
    ],
    [{ name: 5 }, "name must be a text, not number"],
  ] as const) {
    expect(() => Reflect.apply(createListenHub, null, [source, options])).toThrow(new ConfigError(message));
  }
  expect(() => Reflect.apply(createListenHub, null, [{}])).toThrow(ConfigError);
});
