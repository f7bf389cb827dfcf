import { createPool } from "@rockpool/core";
import type {
  ConnectRequest,
  Database,
  ExplainedSetting,
  OpenDatabaseRequest,
  ServerFacts,
} from "../model/database.ts";
import { LaneTracer } from "./lane-tracer.ts";
import { PoolDatabase } from "./pool-database.ts";
import {
  isOwnApplicationName,
  type ProfileConnection,
  profileFactory,
  profileSettings,
} from "./profile-factory.ts";
import { readFacts, readTypeNames } from "./server-facts.ts";
import { ServerWatch } from "./server-watch.ts";

/**
 * Opens a profile's pool, and proves by one connection that it can work.
 *
 * @throws whatever the connect threw; then nothing is left open.
 */
export async function openDatabase(request: OpenDatabaseRequest): Promise<Database> {
  const factory = profileFactory(request);
  const { signal } = request;
  const connection = await factory.connect({ signal });
  let facts: ServerFacts;
  let catalog: ReadonlyMap<number, string>;
  try {
    facts = await readFacts(connection, signal);
    catalog = await readTypeNames(connection, signal);
  } finally {
    await connection.close();
  }
  const tracer = new LaneTracer(request.spans);
  const pool = createPool(factory, {
    name: request.name,
    max: request.max,
    idleTimeoutMillis: request.idleTimeoutMillis,
    acquireTimeoutMillis: request.acquireTimeoutMillis,
    // What an editor did to its session must not be found by the next one.
    reset: "clean",
    telemetry: { tracerProvider: tracer, lifecycleSpans: true },
  });
  const watch = new ServerWatch(factory);
  return new PoolDatabase(request.name, pool, { target: factory.target, facts, catalog, tracer, watch });
}

/**
 * Connects once, asks the server who it is, and closes.
 *
 * @throws whatever the connect threw.
 */
export async function testDatabase(request: ConnectRequest): Promise<ServerFacts> {
  const connection = await profileFactory(request).connect({ signal: request.signal });
  try {
    return await readFacts(connection, request.signal);
  } finally {
    await connection.close();
  }
}

/** Every connection setting that has a value and where it came from; opens nothing. */
export function explainSettings(profile: ProfileConnection): ExplainedSetting[] {
  return profileSettings(profile).map((entry) => {
    const { keyword, value, source } = entry;
    return { keyword, value, source: isOwnApplicationName(entry) ? "the extension" : source };
  });
}
