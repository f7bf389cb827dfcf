import type { TargetSessionAttrs } from "../config/connection-settings.ts";
import type { ConfiguredHost } from "../config/hosts.ts";
import { ConfigError, type ConnectAttempt } from "../errors.ts";
import { type Address, addressesOf, hostLabel, streamAddress } from "./addresses.ts";
import { connectError, isAboutClient, reasonOf } from "./connect-failure.ts";
import type { ConnectRun } from "./connect-plan.ts";
import { suits } from "./host-memory.ts";
import { type AddressRequest, type OpenedClient, openAddress } from "./open-address.ts";
import type { PasswordSource } from "./password-source.ts";
import { findSessionKind, type SessionKind } from "./session-kind.ts";
import { withTimeLimit } from "./time-limit.ts";

/** What a server is where it is not what was asked for; the reason of the attempt. */
const unsuitable: { readonly [K in TargetSessionAttrs]: (kind: SessionKind) => string } = {
  any: () => "any",
  "read-write": () => "read_only",
  "read-only": () => "not_read_only",
  primary: () => "standby",
  standby: () => "primary",
  "prefer-standby": () => "primary",
};

/** Goes through hosts and addresses until one gives a client that suits. */
export class HostWalk {
  readonly #run: ConnectRun;
  readonly #passwords: PasswordSource;
  readonly #onAttempt: (attempt: ConnectAttempt) => void;
  readonly #attempts: ConnectAttempt[] = [];
  #cause: unknown;

  constructor(run: ConnectRun, passwords: PasswordSource, onAttempt: (attempt: ConnectAttempt) => void) {
    this.#run = run;
    this.#passwords = passwords;
    this.#onAttempt = onAttempt;
  }

  /** @throws {ConnectError} nothing that was tried could be used. */
  async connect(): Promise<OpenedClient> {
    const wanted = this.#run.plan.settings.targetSessionAttrs;
    const opened = await this.#pass(wanted);
    if (opened !== null) return opened;
    // The second pass is libpq's: where no standby is left, anything goes.
    const fallback = wanted === "prefer-standby" ? await this.#pass("any") : null;
    if (fallback !== null) return fallback;
    throw connectError(this.#attempts, this.#cause);
  }

  async #pass(wanted: TargetSessionAttrs): Promise<OpenedClient | null> {
    const { settings } = this.#run.plan;
    for (const host of this.#ordered(settings.hosts, hostKey, wanted)) {
      for (const address of this.#ordered(await this.#addresses(host), addressKey, wanted)) {
        const opened = await this.#try(host, address, wanted);
        if (opened !== null) return opened;
      }
    }
    return null;
  }

  /** Hosts or addresses in their order or shuffled, those last that recently failed or were of the wrong kind. */
  #ordered<T>(items: readonly T[], keyOf: (item: T) => string, wanted: TargetSessionAttrs): T[] {
    const { settings, memory } = this.#run.plan;
    const ranked = (settings.shufflesHosts ? this.#shuffle(items) : items).map((item) => ({
      item,
      rank: memory.rank(keyOf(item), wanted),
    }));
    return ranked.sort((left, right) => left.rank - right.rank).map(({ item }) => item);
  }

  async #addresses(host: ConfiguredHost): Promise<readonly Address[]> {
    const { stream, signal } = this.#run;
    if (stream !== null) return [streamAddress(host)];
    try {
      return await addressesOf(host, signal);
    } catch (error) {
      this.#failed(host, [hostKey(host)], error);
      return [];
    }
  }

  async #try(
    host: ConfiguredHost,
    address: Address,
    wanted: TargetSessionAttrs,
  ): Promise<OpenedClient | null> {
    const { plan, signal } = this.#run;
    const keys = [hostKey(host), addressKey(address)];
    try {
      const { opened, kind } = await withTimeLimit(signal, plan.settings.connectTimeoutMillis, (limited) =>
        this.#open({ host, address, passwords: this.#passwords }, wanted, limited),
      );
      for (const key of keys) plan.memory.remember(key, kind);
      if (kind === null || suits(kind, wanted)) return opened;
      opened.client.dismiss();
      this.#note(host, unsuitable[wanted](kind));
    } catch (error) {
      this.#failed(host, keys, error);
    }
    return null;
  }

  async #open(
    request: AddressRequest,
    wanted: TargetSessionAttrs,
    signal: AbortSignal,
  ): Promise<{ opened: OpenedClient; kind: SessionKind | null }> {
    const opened = await openAddress({ ...this.#run, signal }, request);
    return { opened, kind: wanted === "any" ? null : await findSessionKind(opened.client, signal) };
  }

  /** Books a failure, and throws where going on makes no sense. */
  #failed(host: ConfiguredHost, keys: readonly string[], error: unknown): void {
    const { plan, signal } = this.#run;
    if (error instanceof ConfigError) throw error;
    // A host that kept a caller waiting until it gave up is as good as dead for the next one.
    if (!isAboutClient(error)) for (const key of keys) plan.memory.remember(key, "failed");
    if (signal.aborted) throw signal.reason;
    this.#cause = error;
    this.#note(host, reasonOf(error));
    if (isAboutClient(error)) throw connectError(this.#attempts, error);
  }

  #note(host: ConfiguredHost, reason: string): void {
    const attempt: ConnectAttempt = { host: hostLabel(host), port: host.port, reason };
    this.#attempts.push(attempt);
    this.#onAttempt(attempt);
  }

  #shuffle<T>(items: readonly T[]): T[] {
    const shuffled = [...items];
    for (let last = shuffled.length - 1; last > 0; last -= 1) {
      const chosen = Math.floor(this.#run.plan.random() * (last + 1));
      const [item] = shuffled.splice(chosen, 1);
      if (item !== undefined) shuffled.push(item);
    }
    return shuffled;
  }
}

function hostKey(host: ConfiguredHost): string {
  return `host ${hostLabel(host)}:${host.port}`;
}

function addressKey(address: Address): string {
  return `${address.path ?? address.ip ?? address.host}:${address.port}`;
}
