import { type FaultProxy, type PostgresServer, startFaultProxy } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { createListenHub, type ListenHub, type ListenHubOptions } from "../../src/connection/listen.ts";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import type { SessionOptions } from "../../src/connection/session-options.ts";
import { openConnection, type Target } from "../connection/world.ts";
import { useWorkbench } from "../transaction/workbench.ts";

export interface HubSetup {
  readonly target?: Target;
  readonly options?: ListenHubOptions;
  readonly session?: Partial<SessionOptions>;
  /** Called with each pause before an attempt to connect again; resolves when it is over. */
  readonly sleep?: (millis: number) => Promise<void>;
}

/** A hub, and the connections that it has opened. */
export interface MadeHub {
  readonly hub: ListenHub;
  readonly opened: OpenConnection[];
}

/** A real server, a proxy before it, and the hubs of one test, which end with it. */
export class Hubs {
  readonly #bench = useWorkbench();
  readonly #made: ListenHub[] = [];
  #proxy: FaultProxy | null = null;
  #admin: OpenConnection | null = null;

  constructor() {
    beforeAll(async () => {
      this.#proxy = await startFaultProxy({ port: this.server.port });
      this.#admin = await openConnection(this.server);
    });
    beforeEach(() => this.proxy.restore());
    afterEach(async () => {
      await Promise.all(this.#made.splice(0).map((hub) => hub.close()));
    });
    afterAll(async () => {
      await this.#admin?.close();
      await this.#proxy?.stop();
    });
  }

  get server(): PostgresServer {
    return this.#bench.server;
  }

  get proxy(): FaultProxy {
    if (this.#proxy === null) throw new Error("bug: used before the tests");
    return this.#proxy;
  }

  /** A connection that no hub has. */
  get admin(): OpenConnection {
    if (this.#admin === null) throw new Error("bug: used before the tests");
    return this.#admin;
  }

  get behindProxy(): Target {
    const { host, port } = this.proxy;
    return { host, port, user: "postgres", database: "postgres" };
  }

  make({ target = this.server, options, session, sleep = async () => {} }: HubSetup = {}): MadeHub {
    const opened: OpenConnection[] = [];
    const source = {
      async connect() {
        const connection = await openConnection(target, session);
        opened.push(connection);
        return connection;
      },
    };
    const world = { now: () => performance.now(), random: () => 0, sleep };
    const hub = createListenHub(source, { heartbeatMillis: null, ...options }, world);
    this.#made.push(hub);
    return { hub, opened };
  }

  notify(channel: string, payload: string): Promise<unknown> {
    return this.admin.query("select pg_notify($1, $2)", [channel, payload]);
  }
}
