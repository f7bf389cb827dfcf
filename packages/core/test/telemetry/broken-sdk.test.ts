import { TracerProvider } from "@opentelemetry/sdk-trace";
import { createPool } from "@rockpool/core";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const quiet = { shutdown: async () => {}, forceFlush: async () => {} };
const broken = (): never => {
  throw new Error("a processor's own mistake");
};

describe("a span processor that throws", () => {
  it.each([
    ["at the start of a span", { ...quiet, onStart: broken, onEnd: () => {} }],
    ["at the end of a span", { ...quiet, onStart: () => {}, onEnd: broken }],
  ])("%s keeps no caller waiting and no connection", async (_when, processor) => {
    const tracerProvider = new TracerProvider({ spanProcessors: [processor] });
    await using pool = createPool(server.url, {
      max: 1,
      telemetry: { tracerProvider, lifecycleSpans: true },
    });
    const callers = [1, 2, 3].map(() => pool.query("select 1"));
    await Promise.all(callers);
    await expect(pool.query("select 1/0")).rejects.toMatchObject({ code: "22012" });
    await pool.transaction((transaction) => transaction.query("select 1"));
    expect(await pool.cursor("select 1 as one").fetchAll()).toEqual([{ one: 1 }]);
    expect(pool.stats()).toMatchObject({ total: 1, idle: 1, waiting: 0, acquireTimeouts: 0 });
  });
});
