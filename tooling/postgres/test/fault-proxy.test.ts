import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FaultProxy, type PostgresServer, startFaultProxy, startPostgres } from "../src/index.ts";

let server: PostgresServer;
let proxy: FaultProxy;

beforeAll(async () => {
  server = await startPostgres();
  proxy = await startFaultProxy({ port: server.port });
});
afterAll(async () => {
  await proxy.stop();
  await server[Symbol.asyncDispose]();
});
beforeEach(() => proxy.restore());

async function connect(): Promise<{ client: pg.Client; lost: Promise<Error> }> {
  const client = new pg.Client(proxy.url(server.url));
  const lost = new Promise<Error>((resolve) => client.once("error", resolve));
  client.on("error", () => {});
  await client.connect();
  return { client, lost };
}

test("what passes the proxy arrives unchanged", async () => {
  const { client } = await connect();
  const { rows } = await client.query("select repeat('x', 1000000) as text");
  expect(rows[0].text).toHaveLength(1_000_000);
  await client.end();
});

test("cut breaks open connections and lets new ones pass", async () => {
  const { lost } = await connect();
  proxy.cut();
  expect(await lost).toBeInstanceOf(Error);

  const { client } = await connect();
  await client.query("select 1");
  await client.end();
});

test("end closes open connections in order", async () => {
  const { lost } = await connect();
  proxy.end();
  expect((await lost).message).toMatch(/terminated unexpectedly/);
});

test("refuse turns new connections away until restore", async () => {
  await proxy.refuse();
  await expect(connect()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  await proxy.restore();
  const { client } = await connect();
  await client.end();
});

test("hang holds open and new connections without an answer, and restore lets both go on", async () => {
  const { client } = await connect();
  const before = proxy.accepted;
  proxy.hang();
  const answers: string[] = [];
  const query = client.query("select 1").then(() => answers.push("query"));
  const opening = connect().then((opened) => {
    answers.push("connect");
    return opened;
  });
  await expect.poll(() => proxy.accepted).toBe(before + 1);
  expect(answers).toEqual([]);

  await proxy.restore();
  await query;
  await client.end();
  await (await opening).client.end();
});

test("delay holds data back and keeps its order", async () => {
  const { client } = await connect();
  proxy.delay(5);
  const { rows } = await client.query(
    "select count(*)::int as n, max(repeat('y', 1000)) from generate_series(1, 1000)",
  );
  expect(rows[0].n).toBe(1000);
  await client.end();
});
