import { AsyncResource } from "node:async_hooks";
import type { ListenGap, ListenOptions, Subscription } from "./listen.ts";
import type { Notification } from "./notice.ts";
import { onceAborted } from "./once-aborted.ts";

/** One interest in one channel. */
export class HubSubscription implements Subscription {
  readonly channel: string;
  /** True once the server has confirmed the first LISTEN, so that a loss from here on is a gap. */
  isEstablished = false;
  readonly #options: ListenOptions;
  readonly #leave: (subscription: HubSubscription) => Promise<void>;
  // Notifications arrive in the context of whoever opened the socket; the listener belongs to that of its own caller.
  readonly #scope = new AsyncResource("RockpoolSubscription");
  #forget: (() => void) | null = null;
  #closed: Promise<void> | null = null;

  constructor(
    channel: string,
    options: ListenOptions,
    leave: (subscription: HubSubscription) => Promise<void>,
  ) {
    this.channel = channel;
    this.#options = options;
    this.#leave = leave;
  }

  get isClosed(): boolean {
    return this.#closed !== null;
  }

  established(): void {
    this.isEstablished = true;
    const { signal } = this.#options;
    if (signal !== undefined) this.#forget = onceAborted(signal, () => void this.close());
  }

  notify(notification: Notification): void {
    if (!this.isClosed) this.#call(() => this.#options.onNotify(notification.payload, notification));
  }

  gap(gap: ListenGap): void {
    if (!this.isClosed && this.isEstablished) this.#call(() => this.#options.onGap?.(gap));
  }

  close(): Promise<void> {
    this.#closed ??= this.#end();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(): Promise<void> {
    this.#forget?.();
    await this.#leave(this);
  }

  /** One listener's error must not keep a notification from the others. */
  #call(listener: () => void): void {
    try {
      this.#scope.runInAsyncScope(listener);
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }
}
