import { createPool, type Pool, type PoolOptions } from "@rockpool/core";
import { createPool as createGenericPool, type Pool as GenericPool } from "generic-pool";
import pg from "pg";
import { Pool as TarnPool } from "tarn";
import { bareQueue } from "./bare-queue.ts";
import { type PeerPool, poolSize } from "./peer-pool.ts";

function connectClient(databaseUrl: string): () => Promise<pg.Client> {
  return async () => {
    const client = new pg.Client({ connectionString: databaseUrl });
    client.on("error", () => {});
    await client.connect();
    return client;
  };
}

export function rockpool(databaseUrl: string, options: PoolOptions = {}): Pool {
  return createPool(databaseUrl, { name: "bench", max: poolSize, ...options });
}

export function pgPool(databaseUrl: string, size: number = poolSize): pg.Pool {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: size });
  pool.on("error", () => {});
  return pool;
}

/** Every pool that hands out connections, each over real connections to the same server. */
export function peerPools(databaseUrl: string): PeerPool[] {
  const ours = rockpool(databaseUrl);
  const theirs = pgPool(databaseUrl);
  const connect = connectClient(databaseUrl);
  const end = (client: pg.Client): Promise<void> => client.end();
  const generic: GenericPool<pg.Client> = createGenericPool(
    { create: connect, destroy: end },
    { max: poolSize },
  );
  const tarn = new TarnPool<pg.Client>({ create: connect, destroy: end, min: 0, max: poolSize });
  return [
    {
      name: "rockpool",
      cycle: async () => {
        const lease = await ours.acquire();
        lease.release();
      },
      fill: async () => {
        for (const lease of await takeAll(() => ours.acquire())) lease.release();
      },
      close: () => ours.close(),
    },
    {
      name: "pg.Pool",
      cycle: async () => {
        const client = await theirs.connect();
        client.release();
      },
      fill: async () => {
        for (const client of await takeAll(() => theirs.connect())) client.release();
      },
      close: () => theirs.end(),
    },
    {
      name: "generic-pool",
      cycle: async () => {
        const client = await generic.acquire();
        void generic.release(client);
      },
      fill: async () => {
        for (const client of await takeAll(() => generic.acquire())) void generic.release(client);
      },
      close: async () => {
        await generic.drain();
        await generic.clear();
      },
    },
    {
      name: "tarn",
      cycle: async () => {
        const client = await tarn.acquire().promise;
        tarn.release(client);
      },
      fill: async () => {
        for (const client of await takeAll(() => tarn.acquire().promise)) tarn.release(client);
      },
      close: async () => {
        await tarn.destroy();
      },
    },
    bareQueue(),
  ];
}

function takeAll<T>(take: () => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: poolSize }, take));
}
