import { OpenConnection, sessionOf } from "../connection/open-connection.ts";
import { Session } from "../connection/session.ts";
import { ConfigError } from "../errors.ts";
import { HostWalk } from "./connect-hosts.ts";
import type { ConnectPlan } from "./connect-plan.ts";
import type { ConnectionFactoryOptions, ConnectionTarget, ConnectOptions } from "./connection-factory.ts";
import type { Credentials } from "./credentials.ts";
import type { OpenedClient } from "./open-address.ts";
import { PasswordSource } from "./password-source.ts";
import { abortable } from "./time-limit.ts";

/** What a factory knows. */
export interface FactoryParts {
  readonly plan: ConnectPlan;
  readonly target: ConnectionTarget;
  readonly credentials: Credentials | null;
  readonly options: ConnectionFactoryOptions;
}

const defaultCacheSize = 256;
/** How long a statement of `configure` may take to stop before its connection is cut off. */
const abandonMillis = 1_000;
let opened = 0;

/** Opens one connection from hook to hook; where a stage fails or the signal aborts, no socket stays behind. */
export async function openConnection(
  parts: FactoryParts,
  connectOptions: ConnectOptions,
): Promise<OpenConnection> {
  const { plan, target, options } = parts;
  // One of its own for each connect: Node.js warns of a signal that many listen to.
  const signal = connectOptions.signal ?? new AbortController().signal;
  signal.throwIfAborted();
  if (options.beforeConnect !== undefined) {
    await abortable(Promise.resolve(options.beforeConnect(target)), signal);
  }
  const passwords = new PasswordSource(plan.values, plan.context, parts.credentials);
  await passwords.fetch(signal);
  const run = {
    plan,
    stream: connectOptions.stream ?? options.stream ?? null,
    signal,
    observer: connectOptions.observer ?? null,
  };
  const client = await new HostWalk(run, passwords, connectOptions.onAttempt ?? (() => {})).connect();
  const connection = adopt(parts, connectOptions, client);
  await configure(connection, options.configure, signal);
  return connection;
}

function adopt(parts: FactoryParts, connectOptions: ConnectOptions, client: OpenedClient): OpenConnection {
  const { target, options } = parts;
  const { host, port } = client.address;
  const pooler = options.pooler ?? "none";
  opened += 1;
  const session = Session.adopt(client.client, {
    identity: {
      id: connectOptions.id ?? `${target.database}@${host}#${opened}`,
      // A pooler invents the number, and another process of the server may run each transaction.
      backendPid: pooler === "none" ? client.client.backendPid : null,
      host,
      port,
      database: target.database,
      user: target.user,
    },
    observer: connectOptions.observer ?? null,
    types: options.types ?? null,
    rowFactory: connectOptions.rowFactory ?? options.rowFactory ?? null,
    pooler,
    statementCacheSize: options.statementCacheSize ?? defaultCacheSize,
    cancel: { open: client.openAnother },
  });
  return new OpenConnection(session);
}

async function configure(
  connection: OpenConnection,
  hook: ConnectionFactoryOptions["configure"],
  signal: AbortSignal,
): Promise<void> {
  if (hook === undefined) return;
  const session = sessionOf(connection);
  const run = async (runSignal: AbortSignal): Promise<void> => {
    await abortable(Promise.resolve(hook(connection)), runSignal);
    if (session.isBusy || session.transactionStatus !== "idle") {
      throw new ConfigError("configure left the session in a transaction; end it before configure resolves", {
        source: "configure",
      });
    }
  };
  try {
    await run(signal);
  } catch (error) {
    await abandon(session);
    throw error;
  }
  session.markConfigured();
  session.restore = run;
}

/** Ends a session that nobody will have; a server does not notice the loss of a client before its statement ends. */
async function abandon(session: Session): Promise<void> {
  if (session.isBusy)
    await abortable(session.cancelRunning(), AbortSignal.timeout(abandonMillis)).catch(() => {});
  session.destroy();
}
