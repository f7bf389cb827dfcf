import { QueryTimeoutError } from "../errors.ts";
import { quoteChannel } from "./listen-channel.ts";
import type { ListenWorld } from "./listen-world.ts";
import type { Notification } from "./notice.ts";
import { type OpenConnection, sessionOf } from "./open-connection.ts";
import type { Session } from "./session.ts";

/** Nobody waits for what a link still has to say, so a line that is dead need not hold up whoever closes it. */
const closeGraceMillis = 500;

/** Who hears of a link. */
export interface LinkOwner {
  notified(notification: Notification): void;
  /** Called once; not for a close of our own. */
  lost(cause: Error): void;
}

/** The one connection of a hub, for as long as it lasts, and the channels that it listens to. */
export class ListenLink {
  readonly session: Session;
  /** When the server was last heard. */
  lastSeen: number;
  readonly #world: ListenWorld;
  /** Resolves, per channel, when the server listens. */
  readonly #channels = new Map<string, Promise<void>>();
  readonly #end = new AbortController();

  constructor(connection: OpenConnection, world: ListenWorld, owner: LinkOwner) {
    this.session = sessionOf(connection);
    this.#world = world;
    this.lastSeen = world.now();
    this.session.onNotification = (notification) => {
      this.lastSeen = world.now();
      owner.notified(notification);
    };
    this.session.onLost = (cause) => {
      this.#end.abort();
      owner.lost(cause);
    };
  }

  /** Resolves when the server listens; callers of one channel share the statement. */
  listen(channel: string): Promise<void> {
    const known = this.#channels.get(channel);
    if (known !== undefined) return known;
    const listening = this.#send(`listen ${quoteChannel(channel)}`);
    this.#channels.set(channel, listening);
    listening.catch(() => this.#channels.delete(channel));
    return listening;
  }

  /** The statements of a session keep their order, so a LISTEN that comes after is not undone. */
  async unlisten(channel: string): Promise<void> {
    if (!this.#channels.delete(channel)) return;
    await this.#send(`unlisten ${quoteChannel(channel)}`);
  }

  /** Proves the connection alive again and again until it ends: a peer that vanished without a word sends nothing. */
  async keepAlive(everyMillis: number, timeoutMillis: number): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      await this.#world.sleep(everyMillis, signal).catch(() => {});
      if (signal.aborted) return;
      const ping = this.session.ping(AbortSignal.timeout(timeoutMillis));
      // What was sent before has no answer either; the session ends itself when the server does not act on the cancel.
      await ping.then(
        () => this.#seen(),
        () => this.session.cancelRunning(new QueryTimeoutError(timeoutMillis)),
      );
    }
  }

  async close(): Promise<void> {
    this.#end.abort();
    await this.session.close(closeGraceMillis);
  }

  async #send(text: string): Promise<void> {
    await this.session.query(text);
    this.#seen();
  }

  #seen(): void {
    this.lastSeen = this.#world.now();
  }
}
