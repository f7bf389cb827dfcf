import { AsyncResource } from "node:async_hooks";
import { ConfigError, ConnectionLostError, connectTimeoutError, PoolClosedError } from "../errors.ts";
import { checkOptions } from "../option-rules.ts";
import { checkLimits, Limit, soonAfterAbort, untilAborted } from "./limit.ts";
import type {
  ListenGap,
  ListenHub,
  ListenHubOptions,
  ListenOptions,
  ListenSource,
  Subscription,
} from "./listen.ts";
import { checkChannel } from "./listen-channel.ts";
import { ListenLink } from "./listen-link.ts";
import { type ResolvedHubOptions, resolveHubOptions } from "./listen-options.ts";
import { HubSubscription } from "./listen-subscription.ts";
import type { ListenWorld } from "./listen-world.ts";
import type { Notification } from "./notice.ts";
import type { OperationOptions } from "./query.ts";
import { rulesOf } from "./verb-rules.ts";

/** A connection that was lost while somebody listened. */
interface Loss {
  readonly lastSeen: number;
  readonly cause: Error;
}

/**
 * Invariants:
 * - there is at most one link, and one attempt to make it, which ends in time whatever the source does;
 * - the link exists, or is being made again, while there is a subscription or a notification under way, and not otherwise;
 * - each established subscription hears of each loss exactly once, after the new link listens to its channel;
 * - nothing here runs in the context of a caller, but the callbacks of the caller's own subscription.
 */
export class PoolListenHub implements ListenHub {
  readonly #source: ListenSource;
  readonly #world: ListenWorld;
  readonly #options: ResolvedHubOptions;
  readonly #subscriptions = new Map<string, Set<HubSubscription>>();
  readonly #scope = new AsyncResource("RockpoolListenHub");
  #isClosed = false;
  #notifications = 0;
  #link: ListenLink | null = null;
  #linking: { readonly link: Promise<ListenLink>; readonly attempt: AbortController } | null = null;
  #loss: Loss | null = null;

  constructor(source: ListenSource, options: ListenHubOptions, world: ListenWorld) {
    if (typeof source?.connect !== "function") {
      throw new ConfigError("createListenHub needs a connection factory, or an object with connect()");
    }
    this.#source = source;
    this.#options = resolveHubOptions(options);
    this.#world = world;
  }

  async listen(channel: string, options: ListenOptions): Promise<Subscription> {
    checkChannel(channel);
    checkOptions(rulesOf.listen, options);
    if (typeof options?.onNotify !== "function") throw new ConfigError("onNotify must be a function");
    const signal = options.signal ?? null;
    signal?.throwIfAborted();
    this.#refuseClosed();
    const subscription = new HubSubscription(channel, options, (leaver) => this.#leave(leaver));
    this.#join(subscription);
    try {
      await untilAborted(this.#listening(channel), signal);
    } catch (error) {
      await subscription.close().catch(() => {});
      throw error;
    }
    subscription.established();
    return subscription;
  }

  async notify(channel: string, payload = "", options: OperationOptions = {}): Promise<void> {
    checkChannel(channel);
    checkOptions(rulesOf.notify, options);
    checkLimits(options);
    this.#refuseClosed();
    this.#notifications += 1;
    const limit = new Limit(options);
    const signal = limit.signal ?? undefined;
    try {
      const link = await untilAborted(this.#ensure(), limit.signal);
      await link.session.query("select pg_notify($1, $2)", [channel, payload], { signal });
    } finally {
      limit.end();
      this.#notifications -= 1;
      await this.#closeIfUnused();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const linking = this.#linking?.link;
    const subscriptions = [...this.#subscriptions.values()].flatMap((set) => [...set]);
    await Promise.allSettled(subscriptions.map((subscription) => subscription.close()));
    await this.#drop();
    await linking?.catch(() => {});
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new PoolClosedError(this.#options.name);
  }

  #join(subscription: HubSubscription): void {
    const others = this.#subscriptions.get(subscription.channel);
    if (others === undefined) this.#subscriptions.set(subscription.channel, new Set([subscription]));
    else others.add(subscription);
  }

  async #leave(subscription: HubSubscription): Promise<void> {
    const { channel } = subscription;
    const others = this.#subscriptions.get(channel);
    others?.delete(subscription);
    if (others?.size === 0) {
      this.#subscriptions.delete(channel);
      // Where the link goes as well there is nothing to forget; where it is lost, the next one does not listen.
      if (this.#isUsed && !this.#isClosed) await this.#link?.unlisten(channel).catch(() => {});
    }
    await this.#closeIfUnused();
  }

  async #listening(channel: string): Promise<void> {
    const link = await this.#ensure();
    await link.listen(channel);
  }

  get #isUsed(): boolean {
    return this.#subscriptions.size > 0 || this.#notifications > 0;
  }

  async #closeIfUnused(): Promise<void> {
    if (!this.#isUsed) await this.#drop();
  }

  /** Ends the link, or the attempt to make it. */
  async #drop(): Promise<void> {
    const link = this.#link;
    this.#linking?.attempt.abort(new PoolClosedError(this.#options.name));
    this.#link = null;
    this.#linking = null;
    this.#loss = null;
    await link?.close();
  }

  /** The link, made now where there is none; a failure is the caller's. */
  #ensure(): Promise<ListenLink> {
    if (this.#link !== null) return Promise.resolve(this.#link);
    return this.#linking?.link ?? this.#begin((signal) => this.#connect(signal));
  }

  #begin(make: (signal: AbortSignal) => Promise<ListenLink>): Promise<ListenLink> {
    const attempt = new AbortController();
    const link = this.#scope.runInAsyncScope(make, null, attempt.signal).finally(() => {
      if (this.#linking?.attempt === attempt) this.#linking = null;
    });
    this.#linking = { link, attempt };
    return link;
  }

  async #connect(signal: AbortSignal): Promise<ListenLink> {
    const timeoutMillis = this.#options.connectTimeoutMillis;
    const limit = new Limit({ signal, timeoutMillis }, () => connectTimeoutError(timeoutMillis ?? 0));
    try {
      return await this.#open(limit.signal ?? signal);
    } finally {
      limit.end();
    }
  }

  async #open(signal: AbortSignal): Promise<ListenLink> {
    const opening = this.#source.connect({ signal });
    const connection = await soonAfterAbort(opening, signal, (late) => late.close());
    const link: ListenLink = new ListenLink(connection, this.#world, {
      notified: (notification) => this.#notified(notification),
      lost: (cause) => this.#lost(link, cause),
    });
    await this.#establish(link, signal);
    return link;
  }

  #notified(notification: Notification): void {
    const interested = this.#subscriptions.get(notification.channel) ?? [];
    for (const subscription of [...interested]) subscription.notify(notification);
  }

  /** Everybody who waits for a channel gets it from the link; who had it before learns of the gap. */
  async #establish(link: ListenLink, signal: AbortSignal): Promise<void> {
    try {
      const listening = [...this.#subscriptions.keys()].map((channel) => link.listen(channel));
      await untilAborted(Promise.all(listening), signal);
      signal.throwIfAborted();
      const { isLost, lostCause, identity } = link.session;
      if (isLost) throw new ConnectionLostError(identity.id, { wasSent: false, cause: lostCause });
    } catch (error) {
      await link.close();
      throw error;
    }
    this.#link = link;
    const { heartbeatMillis, heartbeatTimeoutMillis } = this.#options;
    if (heartbeatMillis !== null) void link.keepAlive(heartbeatMillis, heartbeatTimeoutMillis);
    const loss = this.#loss;
    this.#loss = null;
    if (loss !== null) this.#tellGap({ millis: this.#world.now() - loss.lastSeen, cause: loss.cause });
  }

  #tellGap(gap: ListenGap): void {
    const subscriptions = [...this.#subscriptions.values()].flatMap((set) => [...set]);
    for (const subscription of subscriptions) subscription.gap(gap);
  }

  #lost(link: ListenLink, cause: Error): void {
    // A link that was never established is the business of whoever makes it.
    if (this.#link !== link) return;
    this.#link = null;
    this.#loss ??= { lastSeen: link.lastSeen, cause };
    if (!this.#isUsed) return;
    this.#begin((signal) => this.#reconnect(signal)).catch(() => {});
  }

  async #reconnect(signal: AbortSignal): Promise<ListenLink> {
    const { minDelayMillis, maxDelayMillis } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      const longest = Math.min(maxDelayMillis, minDelayMillis * 2 ** (attempt - 1));
      // At least half of it, so that a server which comes back is neither met by everybody at once nor asked without a pause.
      await this.#world.sleep(longest * (1 - this.#world.random() / 2), signal);
      try {
        return await this.#connect(signal);
      } catch (error) {
        if (signal.aborted) throw error;
      }
    }
  }
}
