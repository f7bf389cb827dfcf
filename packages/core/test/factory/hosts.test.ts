import { createServer, type Server } from "node:net";
import { type PostgresServer, startFaultProxy, startPostgres, startReplica } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConnectAttempt, ConnectError } from "../../src/errors.ts";
import type { ConnectionFactory, ConnectionFactoryOptions } from "../../src/factory/connection-factory.ts";
import { createConnectionFactory } from "../../src/factory/create-connection-factory.ts";
import { ask, bundledOracle, noBundledOracle } from "../config/oracle.ts";

const oracle = bundledOracle();
const targets = ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"];
let primary: PostgresServer;
let replica: PostgresServer;

beforeAll(async () => {
  primary = await startPostgres();
  replica = await startReplica(primary);
  await using admin = await factoryOf([primary.port], "any").connect();
  await admin.script("create role reader login; alter role reader set default_transaction_read_only to on");
});
afterAll(async () => {
  await replica[Symbol.asyncDispose]();
  await primary[Symbol.asyncDispose]();
});

function factoryOf(
  ports: readonly number[],
  target: string,
  options: ConnectionFactoryOptions = {},
  more = "",
): ConnectionFactory {
  return createConnectionFactory(urlOf(ports, target) + more, {
    environment: {},
    homeDirectory: "/nowhere",
    ...options,
  });
}

function urlOf(ports: readonly number[], target: string): string {
  const hosts = ports.map((port) => `127.0.0.1:${port}`).join(",");
  return `postgresql://postgres@${hosts}/postgres?sslmode=disable&target_session_attrs=${target}`;
}

/** Which server a connect ends at, or the reasons why at none. */
async function reached(factory: ConnectionFactory): Promise<string> {
  try {
    await using connection = await factory.connect();
    const { rows } = await connection.query("select inet_server_port() as port");
    return rows[0]?.port === primary.port ? "primary" : "replica";
  } catch (error) {
    if (error instanceof ConnectError) return error.attempts.map(({ reason }) => reason).join(" ");
    throw error;
  }
}

describe("target_session_attrs", () => {
  it.each([
    // wanted, primary first, replica first, primary alone, replica alone
    ["any", "primary", "replica", "primary", "replica"],
    ["read-write", "primary", "primary", "primary", "read_only"],
    ["read-only", "replica", "replica", "not_read_only", "replica"],
    ["primary", "primary", "primary", "primary", "standby"],
    ["standby", "replica", "replica", "primary", "replica"],
    ["prefer-standby", "replica", "replica", "primary", "replica"],
  ])("%s", async (target, primaryFirst, replicaFirst, primaryAlone, replicaAlone) => {
    expect({
      primaryFirst: await reached(factoryOf([primary.port, replica.port], target)),
      replicaFirst: await reached(factoryOf([replica.port, primary.port], target)),
      primaryAlone: await reached(factoryOf([primary.port], target)),
      replicaAlone: await reached(factoryOf([replica.port], target)),
    }).toEqual({ primaryFirst, replicaFirst, primaryAlone, replicaAlone });
  });

  it("means the same to libpq 18, in each of these cases", async ({ skip }) => {
    if (oracle === null) return skip(noBundledOracle);
    const lists = [[primary, replica], [replica, primary], [primary], [replica]];
    const cases = lists.flatMap((servers) =>
      targets.map((target) => ({ ports: servers.map(({ port }) => port), target })),
    );
    const answers = await ask(
      oracle,
      cases.map(({ ports, target }) => ({
        connect: urlOf(ports, target),
        environment: { HOME: "/nowhere" },
      })),
    );
    for (const [index, { ports, target }] of cases.entries()) {
      const connection = await factoryOf(ports, target)
        .connect()
        .catch(() => null);
      const { rows } = (await connection?.query("select inet_server_port() as port")) ?? { rows: [] };
      await connection?.close();
      expect({ ports, target, reached: rows[0]?.port }).toEqual({
        ports,
        target,
        reached: answers[index]?.port,
      });
    }
  });

  it("tells a primary whose sessions are read-only by default from one that takes writes", async () => {
    const readerOf = (target: string) => factoryOf([primary.port], target, {}, "&user=reader");
    expect(await reached(readerOf("read-write"))).toBe("read_only");
    expect(await reached(readerOf("read-only"))).toBe("primary");
    expect(await reached(readerOf("primary"))).toBe("primary");
  });
});

describe("several hosts", () => {
  it("are tried in order, and the error lists each with its reason", async () => {
    await using dead = await startFaultProxy({ port: primary.port });
    await dead.refuse();
    const seen: ConnectAttempt[] = [];
    const factory = factoryOf([dead.port, replica.port], "read-write");
    const failure = await factory
      .connect({ onAttempt: (attempt) => seen.push(attempt) })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConnectError);
    expect(failure).toMatchObject({
      code: "POOL_CONNECT",
      attempts: [
        { host: "127.0.0.1", port: dead.port, reason: "ECONNREFUSED" },
        { host: "127.0.0.1", port: replica.port, reason: "read_only" },
      ],
    });
    expect(failure).toHaveProperty(
      "message",
      expect.stringContaining(`127.0.0.1:${dead.port} (ECONNREFUSED)`),
    );
    expect(seen).toEqual(failure instanceof ConnectError ? failure.attempts : []);
  });

  it("that failed are tried last for a while", async () => {
    await using hung = await startFaultProxy({ port: primary.port });
    hung.hang();
    let now = 0;
    const factory = factoryOf([hung.port, primary.port], "any", { now: () => now }, "&connect_timeout=1");
    expect(await reached(factory)).toBe("primary");
    expect(hung.accepted).toBe(1);
    expect(await reached(factory)).toBe("primary");
    expect(hung.accepted).toBe(1);
    now += 10_000;
    expect(await reached(factory)).toBe("primary");
    expect(hung.accepted).toBe(2);
  });

  it("that kept a caller waiting until it gave up are tried last by the next one", async () => {
    await using hung = await startFaultProxy({ port: primary.port });
    hung.hang();
    const factory = factoryOf([hung.port, primary.port], "any");
    const controller = new AbortController();
    const connecting = factory.connect({ signal: controller.signal });
    await expect.poll(() => hung.connections).toBe(1);
    controller.abort(new Error("enough"));
    await expect(connecting).rejects.toThrow("enough");
    expect(await reached(factory)).toBe("primary");
    expect(hung.accepted).toBe(1);
  });

  it("are shuffled by load_balance_hosts=random", async () => {
    const chances = [0.9, 0, 0.9, 0, 0];
    const random = { next: () => chances.shift() ?? 0 };
    const factory = factoryOf([primary.port, replica.port], "any", { random }, "&load_balance_hosts=random");
    expect(await reached(factory)).toBe("primary");
    expect(await reached(factory)).toBe("replica");
  });

  it.each([
    ["28P01", "28P01"],
    ["3D000", "3D000"],
    ["57P03", "57P03 ECONNREFUSED"],
    ["53300", "53300 ECONNREFUSED"],
  ])("after a refusal with %s come to %s", async (code, expected) => {
    await using refusing = await startRefusing(code);
    await using dead = await startFaultProxy({ port: primary.port });
    await dead.refuse();
    expect(await reached(factoryOf([refusing.port, dead.port], "any"))).toBe(expected);
  });

  it("may be names with several addresses", async () => {
    const factory = createConnectionFactory(
      { host: "localhost", port: primary.port, user: "postgres", sslmode: "disable" },
      { environment: {}, homeDirectory: "/nowhere" },
    );
    expect(await reached(factory)).toBe("primary");
  });
});

it("a host that is not known fails with the resolver's reason", async () => {
  const factory = createConnectionFactory("postgresql://postgres@no-such-host.invalid/db", {
    environment: {},
  });
  await expect(factory.connect()).rejects.toMatchObject({
    code: "POOL_CONNECT",
    attempts: [
      { host: "no-such-host.invalid", port: 5432, reason: expect.stringMatching(/^E(NOTFOUND|AI_AGAIN)$/) },
    ],
  });
});

/** A server that refuses every session with one error. */
async function startRefusing(code: string): Promise<{ port: number } & AsyncDisposable> {
  const fields = `SFATAL\0VFATAL\0C${code}\0Mrefused\0\0`;
  const message = Buffer.alloc(5 + fields.length);
  message.write("E");
  message.writeInt32BE(4 + fields.length, 1);
  message.write(fields, 5);
  const server = createServer((socket) => {
    socket.on("error", () => {}).once("data", () => socket.end(message));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server),
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
