/** What a metric of a pool says. */
export type PoolField =
  | "idleMax"
  | "idleMin"
  | "max"
  | "pending"
  | "timeouts"
  | "acquires"
  | "closed"
  | "count";

/** Which distribution a histogram of a pool is. */
export type PoolTime = "createTime" | "useTime" | "waitTime";

/**
 * The numbers, by the names of the conventions; `connections` in the plural are the deprecated names that agents of other
 * languages still send.
 *
 * @see {@link https://opentelemetry.io/docs/specs/semconv/db/database-metrics/#connection-pools}
 */
export const FIELDS: ReadonlyMap<string, PoolField> = new Map([
  ["db.client.connection.count", "count"],
  ["db.client.connection.idle.max", "idleMax"],
  ["db.client.connection.idle.min", "idleMin"],
  ["db.client.connection.limit", "max"],
  // Until version 1.44 of the conventions.
  ["db.client.connection.max", "max"],
  ["db.client.connection.pending_requests", "pending"],
  ["db.client.connection.timeouts", "timeouts"],
  ["db.client.connections.usage", "count"],
  ["db.client.connections.idle.max", "idleMax"],
  ["db.client.connections.idle.min", "idleMin"],
  ["db.client.connections.max", "max"],
  ["db.client.connections.pending_requests", "pending"],
  ["db.client.connections.timeouts", "timeouts"],
  ["rockpool.connection.acquires", "acquires"],
  ["rockpool.connection.closed", "closed"],
]);

/** The distributions of times. */
export const TIMES: ReadonlyMap<string, PoolTime> = new Map([
  ["db.client.connection.create_time", "createTime"],
  ["db.client.connection.use_time", "useTime"],
  ["db.client.connection.wait_time", "waitTime"],
  ["db.client.connections.create_time", "createTime"],
  ["db.client.connections.use_time", "useTime"],
  ["db.client.connections.wait_time", "waitTime"],
]);

/** The name of the pool, then those that the deprecated conventions and instrumentations before them had. */
export const POOL_NAMES = [
  "db.client.connection.pool.name",
  "db.client.connections.pool.name",
  "pool.name",
  "name",
] as const;

/** Whether a connection is idle or used, then the name that the deprecated conventions had. */
export const STATES = ["db.client.connection.state", "db.client.connections.state", "state"] as const;
