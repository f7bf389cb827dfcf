import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { OpenConnection } from "../connection/open-connection.ts";
import { Session } from "../connection/session.ts";
import { ConnectError } from "../errors.ts";
import type {
  ConnectionFactory,
  ConnectionFactoryOptions,
  ConnectionTarget,
  ConnectOptions,
} from "./connection-factory.ts";
import { DriverClient } from "./driver-client.ts";

let opened = 0;

/** Makes a factory of connections to what `config` says, read as libpq reads it. */
export function createConnectionFactory(
  config: string,
  options: ConnectionFactoryOptions = {},
): ConnectionFactory {
  const url = new URL(config);
  const user = decodeURIComponent(url.username) || "postgres";
  const database = decodeURIComponent(url.pathname.slice(1)) || user;
  const host = url.hostname || "localhost";
  const port = Number(url.port || 5432);
  const target: ConnectionTarget = {
    hosts: [{ host, port }],
    database,
    user,
    sslmode: "disable",
    targetSessionAttrs: "any",
  };
  const connect = async (connectOptions: ConnectOptions = {}): Promise<OpenConnection> => {
    const socket = connectSocket(port, host);
    try {
      await once(socket, "connect");
    } catch (cause) {
      throw new ConnectError(`cannot connect to ${host}:${port}`, {
        attempts: [{ host, port, reason: "refused" }],
        cause,
      });
    }
    const client = new DriverClient({
      host,
      port,
      user,
      database,
      password: () => decodeURIComponent(url.password),
      stream: socket,
      bindsChannel: false,
      startup: { user, database },
    });
    await client.connect();
    opened += 1;
    const pid: unknown = Reflect.get(client, "processID");
    const session = Session.adopt(client, {
      identity: {
        id: connectOptions.id ?? `${database}@${host}#${opened}`,
        backendPid: typeof pid === "number" ? pid : null,
        host,
        port,
        database,
        user,
      },
      observer: connectOptions.observer ?? null,
      types: options.types ?? null,
      pooler: options.pooler ?? "none",
      statementCacheSize: options.statementCacheSize ?? 256,
      cancel: {
        open: async (signal) => {
          const cancelSocket = connectSocket(port, host);
          await once(cancelSocket, "connect", { signal });
          return cancelSocket;
        },
      },
    });
    return new OpenConnection(session);
  };
  return { target, connect };
}
