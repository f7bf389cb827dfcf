import { expect, test } from "vitest";
import { createListenHub } from "../../src/connection/listen.ts";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import { eventually, openConnection } from "../connection/world.ts";
import { rejection } from "../transaction/workbench.ts";
import { Hubs } from "./hubs.ts";

const hubs = new Hubs();

test("close ends every subscription and the connection, and refuses what comes after", async () => {
  const { hub, opened } = hubs.make();
  const subscription = await hub.listen("a", { onNotify: () => {} });
  await hub.close();
  expect(subscription.isClosed).toBe(true);
  expect(await rejection(opened[0]?.query("select 1") ?? Promise.resolve())).toBeInstanceOf(Error);
  expect(await rejection(hub.listen("a", { onNotify: () => {} }))).toMatchObject({ code: "POOL_CLOSED" });
  expect(await rejection(hub.notify("a"))).toMatchObject({ code: "POOL_CLOSED" });
});

test("close ends an attempt to connect again", async () => {
  const { hub } = hubs.make({
    target: hubs.behindProxy,
    sleep: () => new Promise(() => {}),
  });
  await hub.listen("a", { onNotify: () => {} });
  hubs.proxy.cut();
  await hub.close();
});

test("close finishes before a connect that cannot be ended, and what that brings is closed", async () => {
  let deliver = (_connection: OpenConnection): void => {};
  const source = {
    connect: () =>
      new Promise<OpenConnection>((resolve) => {
        deliver = resolve;
      }),
  };
  const hub = createListenHub(source);
  const listening = rejection(hub.listen("a", { onNotify: () => {} }));
  await hub.close();
  expect(await listening).toMatchObject({ code: "POOL_CLOSED" });
  const late = await openConnection(hubs.server);
  deliver(late);
  await eventually(async () => {
    const text = "select 1 from pg_stat_activity where pid = $1";
    return (await hubs.admin.query(text, [late.backendPid])).rows.length === 0;
  });
});

test("close finishes on a line that fell silent before it listened", async () => {
  const source = {
    async connect() {
      const connection = await openConnection(hubs.behindProxy);
      hubs.proxy.hang();
      return connection;
    },
  };
  const hub = createListenHub(source);
  const listening = rejection(hub.listen("a", { onNotify: () => {} }));
  await hub.close();
  expect(await listening).toMatchObject({ code: "POOL_CLOSED" });
});

test("close finishes on a line that no longer answers", async () => {
  const { hub } = hubs.make({ target: hubs.behindProxy, session: { cancelGraceMillis: 20 } });
  await hub.listen("a", { onNotify: () => {} });
  await hub.listen("b", { onNotify: () => {} });
  hubs.proxy.hang();
  await hub.close();
});
