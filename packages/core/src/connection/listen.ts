import { PoolListenHub } from "./listen-hub.ts";
import { type ListenWorld, systemListenWorld } from "./listen-world.ts";
import type { Notification } from "./notice.ts";
import type { OpenConnection } from "./open-connection.ts";
import type { OperationOptions } from "./query.ts";

/** What a subscriber of a channel is told. */
export interface ListenOptions {
  /**
   * Called for each notification, in the order of the server. An error that it throws is an uncaught exception, as in any
   * event listener.
   */
  onNotify(payload: string, notification: Notification): void;
  /**
   * Called when the connection was lost and another one listens again. The server keeps nothing for who is away, so
   * whatever the notifications stand for has to be read anew.
   */
  onGap?: ((gap: ListenGap) => void) | undefined;
  /** Before `listen` resolves, gives it up with the signal's reason; afterwards, closes the subscription. */
  signal?: AbortSignal | undefined;
}

/** A time in which notifications may have been missed. */
export interface ListenGap {
  /** From the last sign of life of the lost connection until the new one listened, in milliseconds. */
  readonly millis: number;
  /** What ended the lost connection. */
  readonly cause: Error;
}

/** One interest in one channel; `await using` closes it at the end of the block. */
export interface Subscription extends AsyncDisposable {
  readonly channel: string;
  readonly isClosed: boolean;
  /** Ends it; nothing is called any more. The last one of a channel has the server forget the channel. */
  close(): Promise<void>;
}

/** All channels that a program listens to, on one connection of its own that is opened again when it is lost. */
export interface ListenHub extends AsyncDisposable {
  /**
   * Listens to a channel, named exactly as here; resolves when the server does.
   *
   * @throws {ConnectError} there is no connection yet and none could be opened. Later losses are repaired in the background.
   * @throws {ConfigError} the name is empty or longer than 63 bytes, or the connection is behind a transaction pooler.
   */
  listen(channel: string, options: ListenOptions): Promise<Subscription>;
  /** Notifies every session that listens to the channel. The payload has less than 8,000 bytes. */
  notify(channel: string, payload?: string, options?: OperationOptions): Promise<void>;
  /** Ends every subscription and the connection; resolves when its socket has closed. */
  close(): Promise<void>;
}

/** Opens the connection of a hub; a connection factory is one. */
export interface ListenSource {
  connect(options?: { signal?: AbortSignal | undefined }): Promise<OpenConnection>;
}

/** What `createListenHub` accepts. */
export interface ListenHubOptions {
  /** What errors call it. Default: `listen`. */
  name?: string | undefined;
  /** The pause before the first attempt to connect again, in milliseconds; it doubles with each further one. Default: 100. */
  minDelayMillis?: number | undefined;
  /** The longest pause before an attempt, in milliseconds. Default: 10 000. */
  maxDelayMillis?: number | undefined;
  /** How long one attempt may take, the first included, in milliseconds. `null` = no limit. Default: 10 000. */
  connectTimeoutMillis?: number | null | undefined;
  /** How often to prove the connection alive while nothing happens, in milliseconds. `null` = never. Default: 30 000. */
  heartbeatMillis?: number | null | undefined;
  /** How long that may take before the connection counts as lost, in milliseconds. Default: 5 000. */
  heartbeatTimeoutMillis?: number | undefined;
}

/**
 * Makes a hub that opens its connection with the first subscription and closes it with the last.
 *
 * @example
 * await using hub = createListenHub(createConnectionFactory("postgresql://localhost/orders"));
 * await using orders = await hub.listen("orders", { onNotify: (payload) => refresh(payload), onGap: () => refreshAll() });
 */
export function createListenHub(
  source: ListenSource,
  options: ListenHubOptions = {},
  world: ListenWorld = systemListenWorld,
): ListenHub {
  return new PoolListenHub(source, options, world);
}
