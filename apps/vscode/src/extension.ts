import { commands, type ExtensionContext } from "vscode";
import type { PoolView } from "../shared/protocol/pool.ts";
import type { RunView } from "../shared/protocol/results.ts";
import { register as registerConnections } from "./features/connections/register.ts";
import { register as registerLeaks } from "./features/leaks/register.ts";
import { register as registerLeases } from "./features/leases/register.ts";
import { register as registerPools } from "./features/pools/register.ts";
import type { ReceiverState } from "./features/receiver/receiver.ts";
import { register as registerReceiver } from "./features/receiver/register.ts";
import { register as registerResults } from "./features/results/register.ts";
import { register as registerRun } from "./features/run/register.ts";
import { register as registerStatusBar } from "./features/status-bar/register.ts";
import { createServices, type Services } from "./services.ts";

/** What `activate` returns, for tests. */
export interface RockpoolApi {
  /** How long activation took, in milliseconds. */
  readonly activationMillis: number;
  readonly pools: () => readonly PoolView[];
  readonly run: () => RunView | null;
  /** Whether programs can report, and where to. */
  readonly receiver: () => ReceiverState;
}

let services: Services | null = null;

export function activate(context: ExtensionContext): RockpoolApi {
  const startedAt = performance.now();
  const made = createServices(context);
  services = made;
  context.subscriptions.push(
    registerLeases(made),
    registerRun(made),
    registerResults(made),
    registerPools(made),
    registerLeaks(made),
    registerReceiver(made),
    registerStatusBar(made),
    registerConnections(made),
    commands.registerCommand("rockpool.showLog", () => made.log.show()),
  );
  const activationMillis = performance.now() - startedAt;
  made.log.info(`activated in ${activationMillis.toFixed(1)} ms`);
  return {
    activationMillis,
    pools: () => made.monitor.pools,
    receiver: () => made.receiver.state,
    run: () => made.results.run?.view(made.clock.now()) ?? null,
  };
}

export async function deactivate(): Promise<void> {
  await Promise.all([services?.connections.closeAll(), services?.receiver.stop()]);
  services = null;
}
