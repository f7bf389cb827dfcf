import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OperationOptions } from "../../src/connection/query.ts";
import type { Session } from "../../src/connection/session.ts";
import { ConnectionBusyError } from "../../src/errors.ts";
import { eventually, openSession } from "./world.ts";

let server: PostgresServer;
let session: Session;

beforeAll(async () => {
  server = await startPostgres();
  session = await openSession(server);
});
afterAll(async () => {
  await session.close();
  await server.stop();
});

/** One operation whose answer tells that it is its own. */
type Road = (n: number, options: OperationOptions) => Promise<unknown>;

async function bytesOf(output: AsyncIterable<Uint8Array>): Promise<number> {
  let text = "";
  for await (const chunk of output) text += Buffer.from(chunk).toString();
  return Number(text);
}

const roads: Record<string, Road> = {
  query: async (n, options) => (await session.query("select $1::int as n", [n], options)).rows[0]?.n,
  text: async (n, options) =>
    (await session.query(`select ${n} as n`, [], { ...options, prepare: false })).rows[0]?.n,
  slow: async (n, options) =>
    (await session.query("select $1::int as n, pg_sleep(0.005)", [n], options)).rows[0]?.n,
  failing: async (n, options) => {
    const error: unknown = await session
      .query("select 1 / ($1::int - $1::int)", [n], options)
      .catch((caught: unknown) => caught);
    if (error instanceof Error && "code" in error && error.code === "22012") return n;
    throw error;
  },
  pipelined: async (n, options) => (await session.pipelined("select $1::int as n", [n], options)).rows[0]?.n,
  pipelinedSlow: async (n, options) =>
    (await session.pipelined("select $1::int as n, pg_sleep(0.002)", [n], options)).rows[0]?.n,
  script: async (n, options) => (await session.script(`select 1; select ${n} as n`, options))[1]?.rows[0]?.n,
  cursor: async (n, options) => {
    const rows = await session
      .cursor("select $1::int as n from generate_series(1, 5)", [n], { ...options, batchSize: 2 })
      .fetchAll();
    return rows.length === 5 ? rows[4]?.n : "rows are missing";
  },
  copyOut: (n, options) => bytesOf(session.copyTo(`copy (select ${n}) to stdout`, options)),
};

const step = fc.record({
  road: fc.constantFrom(...Object.keys(roads)),
  /** When the caller gives up: never, at once, or after so many turns of the event loop. */
  patience: fc.option(fc.integer({ min: 0, max: 12 }), { freq: 2 }),
  /** How many turns pass before the next call. */
  pause: fc.integer({ min: 0, max: 3 }),
});

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function take({ road, patience }: { road: string; patience: number | null }, n: number): Promise<void> {
  const reason = new Error(`call ${n} gave up`);
  const controller = new AbortController();
  if (patience !== null) void turns(patience).then(() => controller.abort(reason));
  const run = roads[road];
  try {
    expect(await run?.(n, { signal: controller.signal }), road).toBe(n);
  } catch (error) {
    // Nobody gets another one's answer, error or cancel: its own reason, or the word that something else holds the connection.
    if (!(error instanceof ConnectionBusyError)) expect(error, road).toBe(reason);
  }
}

describe("whatever is called, in whatever order, and given up at whatever moment", () => {
  it("each caller gets its own answer or its own reason, and the session ends clean", {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
        const calls: Promise<void>[] = [];
        for (const [n, each] of steps.entries()) {
          calls.push(take(each, n));
          await turns(each.pause);
        }
        const results = await Promise.allSettled(calls);
        const failed = results.find((result) => result.status === "rejected");
        if (failed !== undefined) throw failed.reason;
        await eventually(() => !session.isBusy);
        expect([session.isLost, session.transactionStatus, session.traits.size]).toEqual([false, "idle", 0]);
        expect((await session.query("select 1 as x")).rows).toEqual([{ x: 1 }]);
      }),
      { numRuns: 40 },
    );
  });
});
