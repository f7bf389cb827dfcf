import {
  type Disposable,
  type EnvironmentVariableCollection,
  type Event,
  EventEmitter,
  l10n,
  MarkdownString,
  workspace,
} from "vscode";
import type { Clock } from "../../model/database.ts";
import type { PoolSources } from "../../model/pool/pool-source.ts";
import { ProgramPools } from "../../model/receiver/program-pools.ts";
import { ownTelemetryWay, receiverEnvironment } from "../../model/receiver/receiver-environment.ts";
import { Throttle } from "../../model/receiver/throttle.ts";
import type { Log } from "../../vscode/log.ts";
import { receiverSettings, terminalEnvironment } from "../../vscode/settings.ts";
import type { OpenReceiver } from "./open-receiver.ts";
import { hasProcessEnded } from "./process-end.ts";

/** Whether programs can report, and where to. */
export type ReceiverState =
  | { readonly kind: "off" | "starting" }
  | {
      readonly kind: "failed";
      readonly message: string;
      /** Whether it is tried again until it succeeds. */
      readonly isTriedAgain: boolean;
    }
  | {
      readonly kind: "listening";
      readonly url: string;
      /** The user's variable by which programs send elsewhere; null where terminals and launches are told to send here. */
      readonly keptVariable: string | null;
    };

/** A port that is in use may be free soon: the window that has it, maybe this one before it was reloaded, comes to its end. */
const RETRY_MILLIS = 2_000;

/**
 * The port on which programs report, and the pools that they have. Its code is loaded by the first start.
 *
 * Invariant: the port is open, the source is known and the environment is set together, or none of it is.
 */
export class Receiver implements Disposable {
  readonly #sources: PoolSources;
  readonly #environment: EnvironmentVariableCollection;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #changed = new EventEmitter<void>();
  #state: ReceiverState = { kind: "off" };
  #starting: Promise<void> | null = null;
  #stopRetry: (() => void) | null = null;
  #open: { receiver: OpenReceiver; programs: ProgramPools; forgetSource: () => void } | null = null;
  /** Fires when it starts to listen, stops, or fails to. */
  readonly onDidChange: Event<void> = this.#changed.event;

  constructor(parts: {
    sources: PoolSources;
    environment: EnvironmentVariableCollection;
    clock: Clock;
    log: Log;
  }) {
    this.#sources = parts.sources;
    this.#environment = parts.environment;
    this.#clock = parts.clock;
    this.#log = parts.log;
    // A window that is opened anew has no receiver yet, and its port may be another's by then.
    this.#environment.persistent = false;
  }

  get state(): ReceiverState {
    return this.#state;
  }

  /** How many programs report that have a pool. */
  get programCount(): number {
    return this.#open?.programs.programCount ?? 0;
  }

  /** What a program that is started now needs to report here; null where it is not to be told. */
  get variables(): Readonly<Record<string, string>> | null {
    if (this.#state.kind !== "listening" || this.#state.keptVariable !== null) return null;
    return receiverSettings().environment === "off" ? null : receiverEnvironment(this.#state.url);
  }

  /** Opens the port where it is not open; the state tells how that went. Nothing is opened for a workspace that is not trusted. */
  async start(): Promise<void> {
    if (!workspace.isTrusted || this.#open !== null) return;
    this.#starting ??= this.#listen().finally(() => {
      this.#starting = null;
    });
    await this.#starting;
  }

  /** Resolves when a start that is under way has come to its end. */
  async settled(): Promise<void> {
    await this.#starting;
  }

  /** Takes in another port. */
  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  async stop(): Promise<void> {
    await this.#starting;
    this.#stopRetry?.();
    this.#stopRetry = null;
    const open = this.#open;
    this.#open = null;
    this.#environment.clear();
    open?.forgetSource();
    open?.programs.close();
    this.#moveTo({ kind: "off" });
    await open?.receiver.close();
  }

  /** Tells terminals anew, after the settings have changed. */
  refreshEnvironment(): void {
    if (this.#open === null) return;
    const { url } = this.#open.receiver;
    const { environment } = receiverSettings();
    const keptVariable =
      environment === "add" ? ownTelemetryWay(url, [process.env, ...terminalEnvironment()]) : null;
    this.#environment.clear();
    this.#moveTo({ kind: "listening", url, keptVariable });
    for (const [name, value] of Object.entries(this.variables ?? {})) this.#environment.replace(name, value);
    this.#environment.description = environmentDescription(url);
  }

  dispose(): void {
    void this.stop().finally(() => this.#changed.dispose());
  }

  async #listen(): Promise<void> {
    this.#stopRetry?.();
    this.#stopRetry = null;
    // What failed and is tried again stays as it is shown until it has succeeded.
    if (this.#state.kind !== "failed") this.#moveTo({ kind: "starting" });
    const { openReceiver } = await import("./open-receiver.ts");
    const clock = this.#clock;
    const programs = new ProgramPools({ clock, unixNow: Date.now, hasEnded: hasProcessEnded });
    const onError = (error: unknown): void => this.#log.error("the receiver met", String(error));
    try {
      const { port } = receiverSettings();
      const receiver = await openReceiver({ port, programs, throttle: new Throttle(clock), onError });
      this.#open = { receiver, programs, forgetSource: this.#sources.add(programs) };
      this.#log.info(`programs can report on ${receiver.url}`);
      this.refreshEnvironment();
    } catch (error) {
      programs.close();
      await this.#failed(error);
    }
  }

  async #failed(error: unknown): Promise<void> {
    const { portFailure } = await import("./open-receiver.ts");
    const { message, isInUse } = portFailure(error) ?? { message: String(error), isInUse: false };
    if (this.#state.kind !== "failed") this.#log.error(`could not listen for programs: ${message}`);
    this.#moveTo({ kind: "failed", message, isTriedAgain: isInUse });
    if (isInUse) this.#stopRetry = this.#clock.after(RETRY_MILLIS, () => void this.start());
  }

  #moveTo(state: ReceiverState): void {
    this.#state = state;
    this.#changed.fire();
  }
}

function environmentDescription(url: string): MarkdownString {
  return new MarkdownString(
    l10n.t("Programs that speak OpenTelemetry report their connection pools to this window ({0}).", url),
  );
}
