import { AsyncLocalStorage } from "node:async_hooks";
import { type FaultProxy, startFaultProxy } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import {
  createListenHub,
  type ListenGap,
  type ListenHub,
  type ListenHubOptions,
} from "../../src/connection/listen.ts";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import type { SessionOptions } from "../../src/connection/session-options.ts";
import { ConfigError } from "../../src/errors.ts";
import { eventually, openConnection, type Target } from "../connection/world.ts";
import { rejection, useWorkbench } from "../transaction/workbench.ts";

const bench = useWorkbench();
let proxy: FaultProxy;
let admin: OpenConnection;
const hubs: ListenHub[] = [];

beforeAll(async () => {
  proxy = await startFaultProxy({ port: bench.server.port });
  admin = await openConnection(bench.server);
});
beforeEach(() => proxy.restore());
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.close()));
});
afterAll(async () => {
  await admin.close();
  await proxy.stop();
});

interface HubSetup {
  readonly target?: Target;
  readonly options?: ListenHubOptions;
  readonly session?: Partial<SessionOptions>;
  /** Called with each pause before an attempt to connect again; resolves when it is over. */
  readonly sleep?: (millis: number) => Promise<void>;
}

/** A hub, and the connections that it has opened. */
function makeHub({ target, options, session, sleep }: HubSetup = {}): {
  hub: ListenHub;
  opened: OpenConnection[];
} {
  const opened: OpenConnection[] = [];
  const source = {
    async connect() {
      const connection = await openConnection(target ?? bench.server, session);
      opened.push(connection);
      return connection;
    },
  };
  const world = { now: () => performance.now(), random: () => 0, sleep: sleep ?? (async () => {}) };
  const hub = createListenHub(source, { heartbeatMillis: null, ...options }, world);
  hubs.push(hub);
  return { hub, opened };
}

function behindProxy(): Target {
  return { host: proxy.host, port: proxy.port, user: "postgres", database: "postgres" };
}

function notify(channel: string, payload: string): Promise<unknown> {
  return admin.query("select pg_notify($1, $2)", [channel, payload]);
}

async function channelsOf(connection: OpenConnection | undefined): Promise<string[]> {
  const { rows } = (await connection?.query<{ name: string }>(
    "select pg_listening_channels() as name order by 1",
  )) ?? { rows: [] };
  return rows.map(({ name }) => name);
}

test("a subscription hears what is notified after listen resolved, in order, with who said it", async () => {
  const { hub } = makeHub();
  const heard: [string, number][] = [];
  await using subscription = await hub.listen("orders", {
    onNotify: (payload, { processId }) => heard.push([payload, processId]),
  });
  for (const payload of ["1", "2", "3"]) await notify("orders", payload);
  await eventually(() => heard.length === 3);
  expect(heard).toEqual(["1", "2", "3"].map((payload) => [payload, admin.backendPid]));
  expect(subscription.channel).toBe("orders");
});

test("all channels share one connection, and two subscriptions share one LISTEN", async () => {
  const { hub, opened } = makeHub();
  const heard: string[] = [];
  await Promise.all([
    hub.listen("a", { onNotify: (payload) => heard.push(`first ${payload}`) }),
    hub.listen("a", { onNotify: (payload) => heard.push(`second ${payload}`) }),
    hub.listen("b", { onNotify: (payload) => heard.push(`b ${payload}`) }),
  ]);
  await notify("a", "1");
  await notify("b", "2");
  await eventually(() => heard.length === 3);
  expect(heard.sort()).toEqual(["b 2", "first 1", "second 1"]);
  expect(opened).toHaveLength(1);
  expect(await channelsOf(opened[0])).toEqual(["a", "b"]);
});

test("the server forgets a channel with its last subscription, and the connection closes with the last of all", async () => {
  const { hub, opened } = makeHub();
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
    return (await admin.query(text, [opened[0]?.backendPid])).rows.length === 0;
  });

  await using _again = await hub.listen("a", { onNotify });
  expect(opened).toHaveLength(2);
});

test("a closed subscription hears nothing any more", async () => {
  const { hub } = makeHub();
  const heard: string[] = [];
  const closed = await hub.listen("a", { onNotify: (payload) => heard.push(`closed ${payload}`) });
  await using _open = await hub.listen("a", { onNotify: (payload) => heard.push(payload) });
  void closed.close();
  await notify("a", "1");
  await eventually(() => heard.length > 0);
  expect(heard).toEqual(["1"]);
  expect(closed.isClosed).toBe(true);
});

test("a channel is named exactly as given, whatever is in the name", async () => {
  const { hub } = makeHub();
  for (const channel of ['Say "Hi"; drop table items', "größe", "UPPER"]) {
    const heard: string[] = [];
    await using _subscription = await hub.listen(channel, { onNotify: (payload) => heard.push(payload) });
    await notify(channel, "x");
    await eventually(() => heard.length === 1);
  }
});

test("a name that the server would cut is refused", async () => {
  const { hub, opened } = makeHub();
  for (const channel of ["", "x".repeat(64), "ü".repeat(32), "a\0b"]) {
    expect(await rejection(hub.listen(channel, { onNotify: () => {} }))).toMatchObject({
      code: "POOL_CONFIG",
    });
  }
  expect(opened).toHaveLength(0);
});

test("a lost connection is opened again, listens again and reports the gap", async () => {
  const { hub, opened } = makeHub();
  const heard: string[] = [];
  const gaps: ListenGap[] = [];
  for (const channel of ["a", "b"]) {
    await hub.listen(channel, {
      onNotify: (payload) => heard.push(channel + payload),
      onGap: (gap) => gaps.push(gap),
    });
  }
  await admin.query("select pg_terminate_backend($1)", [opened[0]?.backendPid]);
  await eventually(() => gaps.length === 2);
  expect(gaps[0]?.millis).toBeGreaterThanOrEqual(0);
  expect(gaps[0]?.cause).toMatchObject({ code: "57P01" });

  await notify("a", "1");
  await notify("b", "2");
  await eventually(() => heard.length === 2);
  expect(heard).toEqual(["a1", "b2"]);
  expect(gaps).toHaveLength(2);
});

test("a server that stays away is asked with pauses that double up to a limit, and jitter", async () => {
  const pauses: number[] = [];
  const { hub } = makeHub({
    target: behindProxy(),
    options: { minDelayMillis: 100, maxDelayMillis: 1_000 },
    async sleep(millis) {
      pauses.push(millis);
      if (pauses.length === 6) await proxy.restore();
    },
  });
  let gaps = 0;
  await hub.listen("a", {
    onNotify: () => {},
    onGap: () => {
      gaps += 1;
    },
  });
  await proxy.refuse();
  await eventually(() => gaps === 1);
  expect(pauses).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test("chance shortens a pause by up to a half", async () => {
  const pauses: number[] = [];
  const source = { connect: () => openConnection(behindProxy()) };
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
  proxy.cut();
  await eventually(() => gaps === 1);
  expect(pauses).toEqual([75]);
});

test("a channel that is added while the server is away is listened to when it is back, without a gap of its own", async () => {
  let wake = (): void => {};
  const { hub } = makeHub({
    target: behindProxy(),
    sleep: () =>
      new Promise((resolve) => {
        wake = resolve;
      }),
  });
  const gaps: string[] = [];
  const heard: string[] = [];
  await hub.listen("old", { onNotify: () => {}, onGap: () => gaps.push("old") });
  const before = wake;
  proxy.cut();
  await eventually(() => wake !== before);
  const added = hub.listen("new", {
    onNotify: (payload) => heard.push(payload),
    onGap: () => gaps.push("new"),
  });
  wake();
  await added;
  await notify("new", "1");
  await eventually(() => heard.length === 1);
  expect(gaps).toEqual(["old"]);
});

/** Asks all the time whether the line is dead, and finds it alive when it connects again. */
const watchful: HubSetup = {
  session: { cancelGraceMillis: 20 },
  options: { heartbeatMillis: 1, heartbeatTimeoutMillis: 20 },
  async sleep(millis) {
    if (millis === 1) await new Promise((resolve) => setTimeout(resolve, 1));
    else await proxy.restore();
  },
};

test("a line that went dead without a word is found by the heartbeat", async () => {
  const { hub } = makeHub({ ...watchful, target: behindProxy() });
  const gaps: ListenGap[] = [];
  await hub.listen("a", { onNotify: () => {}, onGap: (gap) => gaps.push(gap) });
  proxy.hang();
  await eventually(() => gaps.length === 1);
  expect(gaps[0]?.cause.message).toMatch(/did not act on a cancel/);
});

test("a line that went dead under a statement is found by the heartbeat behind it", async () => {
  const { hub } = makeHub({ ...watchful, target: behindProxy() });
  let gaps = 0;
  const onGap = (): void => {
    gaps += 1;
  };
  await hub.listen("a", { onNotify: () => {}, onGap });
  proxy.hang();
  expect(await rejection(hub.notify("a", "1"))).toMatchObject({ code: "POOL_QUERY_TIMEOUT" });
  await eventually(() => gaps === 1);
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
  await proxy.refuse();
  const { hub, opened } = makeHub({ target: behindProxy() });
  expect(await rejection(hub.listen("a", { onNotify: () => {} }))).toMatchObject({ code: "ECONNREFUSED" });
  await proxy.restore();
  await using _subscription = await hub.listen("a", { onNotify: () => {} });
  expect(opened).toHaveLength(1);
});

test("an abort gives up the listen, and later closes the subscription", async () => {
  const { hub } = makeHub();
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
  const { hub: listener } = makeHub();
  const { hub: speaker, opened } = makeHub();
  const heard: string[] = [];
  await listener.listen("a", { onNotify: (payload) => heard.push(payload) });
  await speaker.notify("a", 'it\'s "quoted"');
  await speaker.notify("a");
  await eventually(() => heard.length === 2);
  expect(heard).toEqual(['it\'s "quoted"', ""]);
  expect(opened.length).toBeGreaterThan(0);
});

test("close ends every subscription and the connection, and refuses what comes after", async () => {
  const { hub, opened } = makeHub();
  const subscription = await hub.listen("a", { onNotify: () => {} });
  await hub.close();
  expect(subscription.isClosed).toBe(true);
  expect(await rejection(opened[0]?.query("select 1") ?? Promise.resolve())).toBeInstanceOf(Error);
  expect(await rejection(hub.listen("a", { onNotify: () => {} }))).toMatchObject({ code: "POOL_CLOSED" });
  expect(await rejection(hub.notify("a"))).toMatchObject({ code: "POOL_CLOSED" });
});

test("close ends an attempt to connect again", async () => {
  const { hub } = makeHub({
    target: behindProxy(),
    sleep: () => new Promise(() => {}),
  });
  await hub.listen("a", { onNotify: () => {} });
  proxy.cut();
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
  const late = await openConnection(bench.server);
  deliver(late);
  await eventually(async () => {
    const text = "select 1 from pg_stat_activity where pid = $1";
    return (await admin.query(text, [late.backendPid])).rows.length === 0;
  });
});

test("close finishes on a line that fell silent before it listened", async () => {
  const source = {
    async connect() {
      const connection = await openConnection(behindProxy());
      proxy.hang();
      return connection;
    },
  };
  const hub = createListenHub(source);
  const listening = rejection(hub.listen("a", { onNotify: () => {} }));
  await hub.close();
  expect(await listening).toMatchObject({ code: "POOL_CLOSED" });
});

test("close finishes on a line that no longer answers", async () => {
  const { hub } = makeHub({ target: behindProxy(), session: { cancelGraceMillis: 20 } });
  await hub.listen("a", { onNotify: () => {} });
  await hub.listen("b", { onNotify: () => {} });
  proxy.hang();
  await hub.close();
});

test("a listener runs in the asynchronous context of whoever subscribed", async () => {
  const storage = new AsyncLocalStorage<string>();
  const { hub } = makeHub();
  const seen: (string | undefined)[] = [];
  const onNotify = (): void => void seen.push(storage.getStore());
  await storage.run("first", () => hub.listen("a", { onNotify }));
  await storage.run("second", () => hub.listen("a", { onNotify }));
  await notify("a", "");
  await eventually(() => seen.length === 2);
  expect(seen).toEqual(["first", "second"]);
});

test("behind a transaction pooler LISTEN is refused, with what to do", async () => {
  const source = { connect: () => openConnection(bench.server, { pooler: "transaction" }) };
  await using hub = createListenHub(source);
  expect(await rejection(hub.listen("a", { onNotify: () => {} }))).toMatchObject({
    code: "POOL_CONFIG",
    message: expect.stringMatching(/pooler: 'transaction' rules out LISTEN; .*server itself/),
  });
});

test("a hub refuses settings that could not work when it is made", () => {
  const source = { connect: () => openConnection(bench.server) };
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
