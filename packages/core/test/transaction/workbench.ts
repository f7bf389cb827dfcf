import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import type { SessionOptions } from "../../src/connection/session-options.ts";
import { openConnection, type Target } from "../connection/world.ts";

/** One server for a file, connections that are closed after each test, and an empty table `items(id, label)`. */
export interface Workbench {
  readonly server: PostgresServer;
  connect(options?: Partial<SessionOptions>, target?: Target): Promise<OpenConnection>;
  /** The ids in the table, as another session sees them. */
  ids(): Promise<number[]>;
}

export function useWorkbench(): Workbench {
  let server: PostgresServer;
  let watcher: OpenConnection;
  const opened: OpenConnection[] = [];
  beforeAll(async () => {
    server = await startPostgres();
    watcher = await openConnection(server);
    await watcher.query("create table items (id int primary key, label text)");
  });
  beforeEach(async () => {
    await watcher.query("truncate items");
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((connection) => connection.close()));
  });
  afterAll(async () => {
    await watcher.close();
    await server[Symbol.asyncDispose]();
  });
  return {
    get server() {
      return server;
    },
    async connect(options = {}, target = server) {
      const connection = await openConnection(target, options);
      opened.push(connection);
      return connection;
    },
    async ids() {
      const { rows } = await watcher.query<{ id: number }>("select id from items order by id");
      return rows.map(({ id }) => id);
    },
  };
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("expected a rejection");
}
