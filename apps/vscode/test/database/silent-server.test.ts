import { type PostgresServer, startFaultProxy, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openDatabase } from "../../src/database/open-database.ts";
import type { Database, DatabaseLease } from "../../src/model/database.ts";

const never = new AbortController().signal;

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

function open(connection: string): Promise<Database> {
  return openDatabase({
    name: "test",
    connection,
    password: null,
    max: 2,
    idleTimeoutMillis: 60_000,
    acquireTimeoutMillis: 5_000,
    isReadOnly: false,
    isUntrusted: false,
    spans: { onStart: () => {}, onEnd: () => {} },
    signal: never,
  });
}

describe("a cancel that the server does not answer", () => {
  it.concurrent.each([
    [
      "a statement with rows",
      (on: DatabaseLease, signal: AbortSignal) => run(on, "select pg_sleep(60)", signal),
    ],
    [
      "a statement without",
      (on: DatabaseLease, signal: AbortSignal) => run(on, "do $$ begin end $$", signal),
    ],
    ["a description", (on: DatabaseLease, signal: AbortSignal) => on.describe("select $1::int", signal)],
    [
      "a check of a value",
      (on: DatabaseLease, signal: AbortSignal) => on.refusal("1", { id: 23, name: "int" }, signal),
    ],
  ])("ends %s all the same, and its connection is given up", { timeout: 30_000 }, async (_, work) => {
    const proxy = await startFaultProxy({ port: server.port });
    const behind = await open(proxy.url(server.url));
    const held = await behind.acquire(never);
    const { connectionId } = held;
    proxy.hang();
    const abort = new AbortController();
    const working = work(held, abort.signal);
    abort.abort();
    await expect(working).rejects.toBe(abort.signal.reason);
    await held.release();
    await vi.waitFor(
      () => expect(behind.slots().map((slot) => slot.connectionId)).not.toContain(connectionId),
      20_000,
    );
    await behind.close();
    await proxy.stop();
  });
});

function run(on: DatabaseLease, text: string, signal: AbortSignal) {
  return on.execute(text, { signal, pageSize: 10, copyData: null });
}
