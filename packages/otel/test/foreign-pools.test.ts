import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { OtlpReceiver } from "../src/receiver/index.ts";
import { PoolMetrics, type PoolNumbers } from "../src/timeline/index.ts";

/** Requests of another library's instrumentation, as they came over the wire; `scripts/record-foreign.mjs` makes them anew. */
interface Recording {
  readonly requests: readonly {
    readonly path: string;
    readonly contentType: string;
    readonly contentEncoding: string | null;
    readonly body: string;
  }[];
}

function recording(name: string): Recording {
  return JSON.parse(readFileSync(join(import.meta.dirname, "recordings", `${name}.json`), "utf8"));
}

let receiver: OtlpReceiver;
let pools: PoolMetrics;

beforeEach(async () => {
  receiver = await OtlpReceiver.start({ port: 0 });
  pools = new PoolMetrics();
  receiver.onMetrics((metrics) => pools.add(metrics));
});

afterEach(() => receiver.close());

/** Sends what was recorded, and tells the pools after each request with metrics. */
async function replay(name: string): Promise<PoolNumbers[]> {
  const moments: PoolNumbers[] = [];
  for (const { path, contentType, contentEncoding, body } of recording(name).requests) {
    const headers = {
      "content-type": contentType,
      ...(contentEncoding === null ? {} : { "content-encoding": contentEncoding }),
    };
    const answer = await fetch(`${receiver.url}${path}`, {
      method: "POST",
      headers,
      body: Buffer.from(body, "base64"),
    });
    expect(answer.status).toBe(200);
    const [pool, ...more] = pools.pools();
    expect(more).toEqual([]);
    if (path === "/v1/metrics" && pool !== undefined) moments.push(pool);
  }
  return moments;
}

describe("a pool of which no code of ours tells", () => {
  test("instrumentation-pg: pg.Pool with its numbers as that library tells them", async () => {
    const [held, free] = await replay("instrumentation-pg");
    expect(held).toMatchObject({
      serviceName: "shop-with-instrumentation-pg",
      poolName: expect.stringMatching(/^127\.0\.0\.1:\d+\/postgres$/),
      max: 2,
      // It counts a release before the pool does, so each of its numbers is one release late.
      used: 2,
      idle: 0,
      pending: 0,
    });
    expect(free).toMatchObject({ used: 1, idle: 1, max: 2 });
  });

  test.each(["instrumentation-mysql", "instrumentation-mysql-deprecated"])(
    "%s: a pool of another database, under the present and the deprecated names",
    async (name) => {
      const [held, free] = await replay(name);
      expect(held).toMatchObject({ serviceName: `shop-with-${name}`, used: 1, idle: 1 });
      expect(held?.poolName).toContain("127.0.0.1");
      expect(free).toMatchObject({ used: 0, idle: 2 });
    },
  );
});
