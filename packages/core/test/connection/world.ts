import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import type { Duplex } from "node:stream";
import pg from "pg";
import { OpenConnection } from "../../src/connection/open-connection.ts";
import { Session } from "../../src/connection/session.ts";
import type { SessionOptions } from "../../src/connection/session-options.ts";

/** Where a test connects: a server, or something in front of it. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

let opened = 0;

/** Opens a session on a target, without a factory in between. */
export async function openSession(target: Target, options: Partial<SessionOptions> = {}): Promise<Session> {
  const { host, port, user, database } = target;
  const client = new pg.Client({ host, port, user, database });
  await client.connect();
  opened += 1;
  const pid: unknown = Reflect.get(client, "processID");
  const identity = {
    id: `test#${opened}`,
    backendPid: typeof pid === "number" ? pid : null,
    host,
    port,
    database,
    user,
  };
  return Session.adopt(client, {
    identity,
    observer: null,
    types: null,
    pooler: "none",
    statementCacheSize: 256,
    cancel: { open: (signal) => openSocket(target, signal) },
    ...options,
  });
}

/** Opens a connection on a target, without a factory in between. */
export async function openConnection(
  target: Target,
  options: Partial<SessionOptions> = {},
): Promise<OpenConnection> {
  return new OpenConnection(await openSession(target, options));
}

/** A plain socket to a target. */
export async function openSocket({ host, port }: Target, signal?: AbortSignal): Promise<Duplex> {
  const socket = connectSocket(port, host);
  await once(socket, "connect", signal === undefined ? {} : { signal });
  return socket;
}

/** Resolves when a claim about the server is true. */
export async function eventually(claim: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await claim())) await new Promise((resolve) => setImmediate(resolve));
}
