import { createPool, type Pool, type PoolOptions } from "@rockpool/core";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll } from "vitest";

/** One server for the tests of a file, and pools that are closed after each test. */
export interface TestServer {
  readonly server: PostgresServer;
  pool(options?: PoolOptions): Pool;
}

export function useServer(): TestServer {
  let server: PostgresServer | null = null;
  const pools: Pool[] = [];
  beforeAll(async () => {
    server = await startPostgres();
  });
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.close({ timeoutMillis: 0 })));
  });
  afterAll(() => server?.stop());
  const running = (): PostgresServer => {
    if (server === null) throw new Error("the server is not running yet");
    return server;
  };
  return {
    get server() {
      return running();
    },
    pool: (options = {}) => {
      const pool = createPool(running().url, { name: "main", ...options });
      pools.push(pool);
      return pool;
    },
  };
}

/** Resolves when the condition holds; fails by the test's own timeout. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

/** What the promise rejects with; fails where it does not reject. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("the promise did not reject");
}
