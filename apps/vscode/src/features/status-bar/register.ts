import { type Disposable, window } from "vscode";
import type { Services } from "../../services.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { createPoolItem, showPool } from "./pool-item.ts";
import { createRunningItem, showRunning } from "./running-item.ts";
import { createSessionItem, showSession } from "./session-item.ts";

const TICK_MILLIS = 500;
/** After an event of a pool, so that a burst of them makes one update. */
const EVENT_DELAY_MILLIS = 50;

/** The status bar: an item for the pool, one for the session of the active editor, one while a statement runs. */
export function register(services: Services): Disposable {
  const disposables = new Disposables();
  const pool = disposables.add(createPoolItem());
  const session = disposables.add(createSessionItem());
  const running = disposables.add(createRunningItem());
  let stopTick = () => {};
  const update = () => {
    stopTick();
    showPool(services, pool);
    showSession(services, session);
    showRunning(services, running);
    const hasAge =
      services.runs.isRunning || services.sessions.all.some(({ session }) => session.state.kind !== "free");
    if (hasAge) stopTick = services.clock.after(TICK_MILLIS, update);
  };
  let stopSoon: (() => void) | null = null;
  const updateSoon = () => {
    stopSoon ??= services.clock.after(EVENT_DELAY_MILLIS, () => {
      stopSoon = null;
      update();
    });
  };
  update();
  disposables.addAll(
    { dispose: () => stopTick() },
    { dispose: () => stopSoon?.() },
    { dispose: services.ownPools.onDidChange(updateSoon) },
    services.runs.onDidChange(update),
    services.sessions.onDidChange(update),
    window.onDidChangeActiveTextEditor(update),
  );
  return disposables;
}
