import postgres from "postgres";
import { createPool as createSlonikPool, sql } from "slonik";
import { poolSize } from "./peer-pool.ts";
import { pgPool, rockpool } from "./pools.ts";

/** A client that runs statements over a pool of its own. */
export interface PeerClient {
  readonly name: string;
  query(text: string, values: readonly unknown[]): Promise<readonly unknown[]>;
  close(): Promise<void>;
}

/** Ours, each statement on a connection of its own. */
export function exclusive(databaseUrl: string, name = "rockpool"): PeerClient {
  const pool = rockpool(databaseUrl, { pipelining: null });
  return {
    name,
    query: async (text, values) => (await pool.query(text, values)).rows,
    close: () => pool.close(),
  };
}

/** Ours, fast statements of different callers sharing connections. */
export function pipelined(databaseUrl: string): PeerClient {
  const pool = rockpool(databaseUrl, { pipelining: {} });
  return {
    name: "rockpool pipelined",
    query: async (text, values) => (await pool.query(text, values)).rows,
    close: () => pool.close(),
  };
}

export function pgPoolClient(databaseUrl: string): PeerClient {
  const pool = pgPool(databaseUrl);
  return {
    name: "pg.Pool",
    query: async (text, values) => (await pool.query(text, [...values])).rows,
    close: () => pool.end(),
  };
}

/** `pg.Pool` with a name for each statement, so that the server prepares it once a connection. */
export function pgPoolNamed(databaseUrl: string): PeerClient {
  const pool = pgPool(databaseUrl);
  const names = new Map<string, string>();
  return {
    name: "pg.Pool named",
    query: async (text, values) => {
      const name = names.get(text) ?? `statement_${names.size}`;
      names.set(text, name);
      return (await pool.query({ name, text, values: [...values] })).rows;
    },
    close: () => pool.end(),
  };
}

/** postgres.js as it comes: it sends statements of different callers down one connection without waiting. */
export function postgresJs(databaseUrl: string): PeerClient {
  return postgresJsWith(databaseUrl, { name: "postgres.js (pipelines)", depth: 100 });
}

/** postgres.js with one statement at a time on a connection, as every other pool here does. */
export function postgresJsExclusive(databaseUrl: string): PeerClient {
  return postgresJsWith(databaseUrl, { name: "postgres.js, max_pipeline 1", depth: 1 });
}

function postgresJsWith(databaseUrl: string, options: { name: string; depth: number }): PeerClient {
  // The types of postgres.js do not know this option of it.
  const settings = { max: poolSize, onnotice: () => {}, max_pipeline: options.depth };
  const client = postgres(databaseUrl, settings);
  return {
    name: options.name,
    query: (text, values) => client.unsafe(text, values.map(toParameter), { prepare: true }),
    close: () => client.end(),
  };
}

function toParameter(value: unknown): string | number | boolean | Date | null {
  if (value === null || value instanceof Date) return value;
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  throw new TypeError("the bench sends plain values only");
}

export async function slonik(databaseUrl: string): Promise<PeerClient> {
  const pool = await createSlonikPool(databaseUrl, { maximumPoolSize: poolSize });
  return {
    name: "slonik",
    query: async (text, values) => {
      const rows = await pool.any({
        ...sql.unsafe``,
        sql: text,
        values: values.map(toParameter).map(toSlonik),
      });
      return rows;
    },
    close: () => pool.end(),
  };
}

function toSlonik(value: string | number | boolean | Date | null): string | number | boolean | null {
  return value instanceof Date ? value.toISOString() : value;
}
