import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import { openConnection } from "./world.ts";

/** Raise it with `ROCKPOOL_LARGE_ROWS=10000000` (`npm run test:large`); the limit below stays. */
const rowCount = Number(process.env.ROCKPOOL_LARGE_ROWS ?? 300_000);
const heapLimit = 80 * 1024 * 1024;
const timeout = 1_800_000;

let server: PostgresServer;
let connection: OpenConnection;

beforeAll(async () => {
  server = await startPostgres();
  connection = await openConnection(server);
  await connection.query(
    `create unlogged table large as
      select n as id, 'name ' || n as name, n * 1.5 as price, timestamptz '2024-01-01' + n * interval '1 s' as at
      from generate_series(1, $1::int) n`,
    [rowCount],
  );
}, timeout);
afterAll(async () => {
  await connection.close();
  await server.stop();
});

let peak = 0;
function sampleHeap(): void {
  peak = Math.max(peak, process.memoryUsage().heapUsed);
}

describe(`${rowCount} rows`, () => {
  it("stream through a cursor in flat memory", { timeout }, async () => {
    peak = 0;
    let seen = 0;
    let sum = 0;
    for await (const { id } of connection.cursor<{ id: number }>("select * from large", [], {
      batchSize: 500,
    })) {
      seen += 1;
      sum += id;
      if (seen % 5_000 === 0) sampleHeap();
    }
    expect([seen, sum]).toEqual([rowCount, (rowCount * (rowCount + 1)) / 2]);
    expect(peak).toBeLessThan(heapLimit);
  });

  it("stream out of COPY in flat memory", { timeout }, async () => {
    peak = 0;
    const output = connection.copyTo("copy large to stdout");
    let lines = 0;
    for await (const chunk of output) {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
      sampleHeap();
    }
    expect([lines, output.rowCount]).toEqual([rowCount, rowCount]);
    expect(peak).toBeLessThan(heapLimit);
  });

  it("stream from COPY out into COPY in, through two connections, in flat memory", { timeout }, async () => {
    peak = 0;
    await using other = await openConnection(server);
    await other.query("create unlogged table twin (like large)");
    const source = (async function* () {
      for await (const chunk of connection.copyTo("copy large to stdout")) {
        sampleHeap();
        yield chunk;
      }
    })();
    expect(await other.copyFrom("copy twin from stdin", source)).toEqual({ rowCount });
    expect(peak).toBeLessThan(heapLimit);
  });
});
