import { createPool, type Pool, type PoolOptions } from "@rockpool/core";
import { createPool as createGenericPool, type Pool as GenericPool } from "generic-pool";
import pg from "pg";
import { Pool as TarnPool } from "tarn";

/** A pool of connections as every contestant offers it. */
export interface PeerPool {
  readonly name: string;
  /** Takes a connection and resolves with what gives it back. */
  acquire(): Promise<() => void>;
  close(): Promise<void>;
}

/** How many connections each pool may open. */
export const poolSize = 10;

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
      acquire: async () => {
        const lease = await ours.acquire();
        return () => lease.release();
      },
      close: () => ours.close(),
    },
    {
      name: "pg.Pool",
      acquire: async () => {
        const client = await theirs.connect();
        return () => client.release();
      },
      close: () => theirs.end(),
    },
    {
      name: "generic-pool",
      acquire: async () => {
        const client = await generic.acquire();
        return () => void generic.release(client);
      },
      close: async () => {
        await generic.drain();
        await generic.clear();
      },
    },
    {
      name: "tarn",
      acquire: async () => {
        const client = await tarn.acquire().promise;
        return () => tarn.release(client);
      },
      close: async () => {
        await tarn.destroy();
      },
    },
  ];
}

/** Opens every connection of a pool, so that the measurement sees none being opened. */
export async function fill(pool: PeerPool): Promise<void> {
  const releases = await Promise.all(Array.from({ length: poolSize }, () => pool.acquire()));
  for (const release of releases) release();
}
