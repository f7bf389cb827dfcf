import { type ExtensionContext, Uri } from "vscode";
import { Connector } from "./features/connections/connector.ts";
import { Discovery } from "./features/connections/discovery.ts";
import { OpenConnections } from "./features/connections/open-connections.ts";
import { EditorSessions } from "./features/leases/editor-sessions.ts";
import { ActivityReader } from "./features/pools/activity-reader.ts";
import { OwnPools } from "./features/pools/own-pools.ts";
import { Receiver } from "./features/receiver/receiver.ts";
import { ResultsView } from "./features/results/results-view.ts";
import { ErrorDiagnostics } from "./features/run/error-diagnostics.ts";
import { ParameterPrompt } from "./features/run/parameter-prompt.ts";
import { Runs } from "./features/run/runs.ts";
import { guardRun } from "./features/safety/run-guard.ts";
import type { Clock } from "./model/database.ts";
import { ParameterMemory } from "./model/parameters/parameter-memory.ts";
import { withLeaks } from "./model/pool/leaks.ts";
import { PoolHistories } from "./model/pool/pool-histories.ts";
import { PoolMonitor } from "./model/pool/pool-monitor.ts";
import { poolRecorder } from "./model/pool/pool-recorder.ts";
import { PoolSources } from "./model/pool/pool-source.ts";
import { ServerActivity } from "./model/pool/server-activity.ts";
import { ResultStore } from "./model/results/result-store.ts";
import { RowSpace } from "./model/results/table/row-space.ts";
import { localPath } from "./vscode/local-path.ts";
import { Log } from "./vscode/log.ts";
import { PasswordVault } from "./vscode/password-vault.ts";
import { leakThresholdMillis, rowLimits } from "./vscode/settings.ts";
import { systemClock } from "./vscode/system-clock.ts";

/** Everything that features share; made once, disposed with the extension. */
export interface Services {
  readonly context: ExtensionContext;
  readonly log: Log;
  readonly clock: Clock;
  readonly passwords: PasswordVault;
  readonly connections: OpenConnections;
  readonly discovery: Discovery;
  readonly connector: Connector;
  readonly sessions: EditorSessions;
  readonly results: ResultStore;
  readonly resultsView: ResultsView;
  readonly diagnostics: ErrorDiagnostics;
  readonly runs: Runs;
  readonly ownPools: OwnPools;
  readonly poolSources: PoolSources;
  readonly histories: PoolHistories;
  readonly monitor: PoolMonitor;
  readonly receiver: Receiver;
}

/** Makes the services; nothing is read or opened here. */
export function createServices(context: ExtensionContext): Services {
  const clock = systemClock;
  const { workspaceState, subscriptions, extensionUri } = context;
  const log = new Log();
  const passwords = new PasswordVault(context.secrets);
  const recorder = poolRecorder();
  const connections = new OpenConnections({ log, clock, spans: recorder });
  const discovery = new Discovery();
  const connector = new Connector({ connections, passwords, workspaceState, log });
  const sessions = new EditorSessions({ connections, workspaceState, clock });
  const rowsFolder = localPath(Uri.joinPath(context.globalStorageUri, "rows"));
  const results = new ResultStore(() => resultsView.refresh(), new RowSpace(rowLimits, rowsFolder));
  const resultsView = new ResultsView({ extensionUri, results, clock });
  const diagnostics = new ErrorDiagnostics();
  const prompt = new ParameterPrompt(new ParameterMemory(workspaceState));
  const guard = guardRun;
  const runs = new Runs({
    connections,
    sessions,
    results,
    resultsView,
    diagnostics,
    guard,
    prompt,
    clock,
    log,
  });
  const activity = new ServerActivity(clock);
  const poolSources = new PoolSources((pool) => withLeaks(activity.join(pool), leakThresholdMillis()));
  const ownPools = new OwnPools({ connections, sessions, recorder, clock });
  poolSources.add(ownPools);
  const histories = new PoolHistories(poolSources);
  const monitor = new PoolMonitor({ sources: poolSources, clock });
  const reader = new ActivityReader({ activity, connections, monitor, clock, log });
  const environment = context.environmentVariableCollection;
  const receiver = new Receiver({ sources: poolSources, environment, clock, log });
  subscriptions.push(
    log,
    connections,
    discovery,
    sessions,
    resultsView,
    diagnostics,
    runs,
    monitor,
    histories,
    reader,
    receiver,
  );
  return {
    context,
    log,
    clock,
    passwords,
    connections,
    discovery,
    connector,
    sessions,
    results,
    resultsView,
    diagnostics,
    runs,
    ownPools,
    poolSources,
    histories,
    monitor,
    receiver,
  };
}
