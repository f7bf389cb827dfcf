import type { ConnectionSettings } from "../config/connection-settings.ts";
import type { ConfigContext } from "../config/context.ts";
import type { ResolvedValues } from "../config/resolved-values.ts";
import type { ConnectionObserver } from "../connection/observer.ts";
import type { StreamOpener } from "./connection-factory.ts";
import type { HostMemory } from "./host-memory.ts";

/** Everything that stays the same from one connect of a factory to the next. */
export interface ConnectPlan {
  readonly values: ResolvedValues;
  readonly context: ConfigContext;
  readonly settings: ConnectionSettings;
  readonly startup: Readonly<Record<string, string>>;
  readonly requiresTls: boolean;
  readonly memory: HostMemory;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** What one connect adds. */
export interface ConnectRun {
  readonly plan: ConnectPlan;
  readonly stream: StreamOpener | null;
  readonly signal: AbortSignal;
  /** Shields calls into the driver from others that have patched it. */
  readonly observer: ConnectionObserver | null;
}
