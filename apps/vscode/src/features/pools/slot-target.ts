import type { PlaceView, PoolView, SlotView } from "../../../shared/protocol/pool.ts";
import type { Database } from "../../model/database.ts";
import type { PoolNode, PoolRoot } from "../../model/pool/pool-nodes.ts";
import type { NamedSession } from "../../model/pool/pool-view.ts";
import { serverBehind } from "../../model/pool/server-activity.ts";
import type { Services } from "../../services.ts";

/** What a slot's command acts on: an item of the tree, or a slot named by the dashboard. */
export type SlotArgument = PoolNode | { readonly slotId: string; readonly pool?: string };

/** A slot and the pool that it is of, as they are now. */
export interface SlotTarget {
  readonly pool: PoolView;
  readonly slot: SlotView;
}

/** The slot of a command; null where it names none, or the slot is gone. */
export function slotTarget(services: Services, argument: SlotArgument | undefined): SlotTarget | null {
  if (argument === undefined) return null;
  if (!("kind" in argument)) return findSlot(services, argument.slotId, argument.pool ?? null);
  return argument.kind === "slot" ? findSlot(services, argument.slot.id, argument.root.key) : null;
}

function findSlot(services: Services, slotId: string, poolKey: string | null): SlotTarget | null {
  for (const pool of services.monitor.pools) {
    if (poolKey !== null && pool.key !== poolKey) continue;
    const slot = pool.slots.find(({ id }) => id === slotId);
    if (slot !== undefined) return { pool, slot };
  }
  return null;
}

/** The editor's session that holds the slot, or that waits; null where no editor does. */
export function sessionTarget(services: Services, argument: SlotArgument | undefined): NamedSession | null {
  if (argument !== undefined && "kind" in argument && argument.kind === "waiter") {
    const { place } = argument.waiter.holder;
    return services.sessions.all.find((named) => named.uri === place?.path) ?? null;
  }
  const target = slotTarget(services, argument);
  return target?.pool.origin.kind === "own" ? services.sessions.holding(target.slot.id) : null;
}

/** The line of a program that acquired the slot's connection; null where it is not known. */
export function programPlace({ slot }: SlotTarget): PlaceView | null {
  return slot.leak?.place ?? slot.holder?.place ?? null;
}

/** The open connection whose server has the process behind the slot; null where there is none. */
export function databaseBehind(services: Services, { pool }: SlotTarget): Database | null {
  return serverBehind(
    pool,
    services.connections.all.map(({ database }) => database),
  );
}

/** The pool of the extension's own that a command is for. */
export function ownDatabase(services: Services, argument: PoolRoot | undefined): Database | null {
  if (argument?.pool.origin.kind !== "own") return null;
  return services.connections.get(argument.pool.name)?.database ?? null;
}
