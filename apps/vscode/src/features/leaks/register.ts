import { basename } from "node:path";
import { commands, type Disposable, l10n, window } from "vscode";
import { stackFrames } from "../../model/source/stack-frames.ts";
import type { Services } from "../../services.ts";
import { Disposables } from "../../vscode/disposables.ts";
import { openSource } from "../../vscode/open-source.ts";
import { type SlotArgument, sessionTarget, slotTarget } from "../pools/slot-target.ts";
import { endBackend } from "./end-backend.ts";

/** The pool rolls back whatever an editor leaves open before another gets the connection. */
async function rollBackAndRelease(services: Services, argument: SlotArgument | undefined): Promise<void> {
  await sessionTarget(services, argument)?.session.release();
}

/** The stack of the acquire as a list, each line of which opens its source. */
async function showStack(services: Services, argument: SlotArgument | undefined): Promise<void> {
  const target = slotTarget(services, argument);
  const frames = stackFrames(target?.slot.leak?.stack ?? "");
  const items = frames.map((frame) => ({
    label: `${basename(frame.path)}:${frame.line}`,
    description: frame.functionName ?? "",
    detail: frame.path,
    frame,
  }));
  const title = l10n.t("Where {0} Was Acquired", target?.slot.id ?? "");
  const picked = await window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  if (picked !== undefined) await openSource(picked.frame);
}

/** Leaks: what can be done about a connection that somebody holds and does not use. */
export function register(services: Services): Disposable {
  const disposables = new Disposables();
  disposables.addAll(
    commands.registerCommand("rockpool.leak.rollBack", (argument?: SlotArgument) =>
      rollBackAndRelease(services, argument),
    ),
    commands.registerCommand("rockpool.leak.showStack", (argument?: SlotArgument) =>
      showStack(services, argument),
    ),
    commands.registerCommand("rockpool.backend.cancel", (argument?: SlotArgument) =>
      endBackend(services, argument, "cancel"),
    ),
    commands.registerCommand("rockpool.backend.terminate", (argument?: SlotArgument) =>
      endBackend(services, argument, "terminate"),
    ),
  );
  return disposables;
}
