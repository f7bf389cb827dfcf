import { AsyncLocalStorage } from "node:async_hooks";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { ReadableStream } from "node:stream/web";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import { openConnection } from "./world.ts";

let server: PostgresServer;
let connection: OpenConnection;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());
beforeEach(async () => {
  connection = await openConnection(server);
  await connection.query("create temp table t (id int, name text)");
});
afterEach(() => connection.close());

const copyIn = "copy t from stdin";
const copyOut = "copy (select n, 'name ' || n from generate_series(1, 1000) n) to stdout";

async function count(): Promise<unknown> {
  return (await connection.query("select count(*)::int as n from t")).rows[0]?.n;
}

/** Lines of the table's form, in uneven chunks. */
function* lines(rows: number): Generator<string> {
  for (let n = 1; n <= rows; n++) {
    yield `${n}\tna`;
    yield `me ${n}\n`;
  }
}

describe("copyFrom", () => {
  it("reads its source in the caller's async context", async () => {
    const storage = new AsyncLocalStorage<string>();
    const seen: (string | undefined)[] = [];
    const source = function* () {
      for (const line of lines(2)) {
        seen.push(storage.getStore());
        yield line;
      }
    };
    await storage.run("mine", () => connection.copyFrom(copyIn, source()));
    expect(seen).toEqual(["mine", "mine", "mine", "mine"]);
  });

  const sources = {
    "an array of text": () => [...lines(100)],
    "a generator": () => lines(100),
    "a stream of Node": () => Readable.from(lines(100)),
    "a web stream": () => ReadableStream.from(lines(100)),
    "long chunks of bytes": () => [Buffer.from([...lines(100)].join("").repeat(1)), new Uint8Array(0)],
  };
  it.each(Object.entries(sources))("takes %s", async (_name, source) => {
    expect(await connection.copyFrom(copyIn, source())).toEqual({ rowCount: 100 });
    expect(await count()).toBe(100);
    expect((await connection.query("select name from t where id = 100")).rows).toEqual([
      { name: "name 100" },
    ]);
  });

  it("takes chunks of any size, and waits while the server is slow", async () => {
    const megabyte = "x".repeat(1_000_000);
    const source = function* () {
      for (let n = 0; n < 30; n++) yield `${n}\t${megabyte}\n`;
    };
    expect(await connection.copyFrom(copyIn, source())).toEqual({ rowCount: 30 });
  });

  it("takes nothing", async () => {
    expect(await connection.copyFrom(copyIn, [])).toEqual({ rowCount: 0 });
  });

  it("rejects with the server's error, and tells the source that it is not wanted any more", async () => {
    let wasTold = false;
    const source = (async function* () {
      try {
        for (;;) yield "no number\tx\n";
      } finally {
        wasTold = true;
      }
    })();
    await expect(connection.copyFrom(copyIn, source)).rejects.toMatchObject({ code: "22P02" });
    expect(wasTold).toBe(true);
    expect(await count()).toBe(0);
  });

  it("rejects with the source's error and takes no row", async () => {
    const source = function* () {
      yield "1\tx\n";
      throw new Error("the source broke");
    };
    await expect(connection.copyFrom(copyIn, source())).rejects.toThrow("the source broke");
    expect(await count()).toBe(0);
  });

  it("refuses other operations while it is under way, instead of waiting for ever", async () => {
    const source = async function* () {
      await connection.query("select 1");
      yield "";
    };
    await expect(connection.copyFrom(copyIn, source())).rejects.toMatchObject({
      code: "POOL_CONNECTION_BUSY",
    });
    expect(await count()).toBe(0);
  });

  it("refuses a statement that asks for no data", async () => {
    await expect(connection.copyFrom("select 1", ["x"])).rejects.toThrow(/COPY … FROM STDIN/);
    await expect(connection.copyFrom("copy t to stdout", ["x"])).rejects.toThrow(/copyTo\(\)/);
    expect(await count()).toBe(0);
  });
});

describe("copyTo", () => {
  const expected = Array.from({ length: 1000 }, (_, i) => `${i + 1}\tname ${i + 1}\n`).join("");

  it("gives the bytes by iteration, and then the count", async () => {
    const output = connection.copyTo(copyOut);
    expect(output.rowCount).toBeNull();
    const chunks: Uint8Array[] = [];
    for await (const chunk of output) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe(expected);
    expect(output.rowCount).toBe(1000);
    expect(await count()).toBe(0);
  });

  it("gives the bytes as a stream of Node", async () => {
    expect((await buffer(connection.copyTo(copyOut).toNodeStream())).toString()).toBe(expected);
  });

  it("gives the bytes as a web stream", async () => {
    expect((await buffer(connection.copyTo(copyOut).toWebStream())).toString()).toBe(expected);
  });

  it("stops the server while the reader is slow, and loses nothing", async () => {
    const text = "copy (select repeat('x', 9999) from generate_series(1, 5000)) to stdout";
    let size = 0;
    for await (const chunk of connection.copyTo(text)) {
      expect(chunk.length).toBeLessThan(2_000_000);
      size += chunk.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(size).toBe(50_000_000);
  });

  it("is cancelled on the server when the reader leaves early", async () => {
    const text =
      "copy (select repeat('x', 9999) from generate_series(1, 9999) a, generate_series(1, 9999) b) to stdout";
    for await (const _ of connection.copyTo(text)) break;
    expect(await count()).toBe(0);
    const stream = connection.copyTo(text).toNodeStream();
    await new Promise((resolve) => stream.once("data", resolve));
    stream.destroy();
    await new Promise((resolve) => stream.once("close", resolve));
    await expect.poll(() => count().catch(() => null)).toBe(0);
  });

  it("refuses other operations while it is under way", async () => {
    for await (const _ of connection.copyTo(copyOut)) {
      await connection.query("select 1").catch((error: unknown) => {
        expect(error).toMatchObject({ code: "POOL_CONNECTION_BUSY" });
      });
      break;
    }
  });

  it("rejects with the server's error", async () => {
    const read = async (text: string): Promise<void> => {
      for await (const _ of connection.copyTo(text));
    };
    await expect(read("copy nowhere to stdout")).rejects.toMatchObject({ code: "42P01" });
    await expect(
      read("copy (select 1 / (5 - n) from generate_series(1, 9) n) to stdout"),
    ).rejects.toMatchObject({
      code: "22012",
    });
    await expect(read("select 1")).rejects.toThrow(/COPY … TO STDOUT/);
    await expect(read("copy t from stdin")).rejects.toThrow(/copyFrom\(\)/);
    expect(await count()).toBe(0);
  });
});
