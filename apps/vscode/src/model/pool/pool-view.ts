import type {
  HolderView,
  PoolView,
  SlotStateView,
  SlotView,
  WaiterView,
} from "../../../shared/protocol/pool.ts";
import type { Database, PoolSlot } from "../database.ts";
import type { EditorSession } from "../session/editor-session.ts";
import type { SessionStatement } from "../session/session-request.ts";
import { summarise } from "../sql/verb.ts";

/** An editor's session and the editor's name. */
export interface NamedSession {
  readonly session: EditorSession;
  readonly editor: string;
  readonly uri: string;
}

const STATEMENT_LENGTH = 160;

/** The key of a pool of the extension itself. */
export function ownPoolKey(name: string): string {
  return `own ${name}`;
}

/** The n of `<pool>#<n>`. */
export function slotNumber(id: string): number {
  return Number(id.slice(id.lastIndexOf("#") + 1));
}

function holderOf(named: NamedSession, statement: SessionStatement): HolderView {
  const { line, text } = statement;
  return {
    label: `${named.editor}:${line}`,
    place: { path: named.uri, line },
    statement: summarise(text, STATEMENT_LENGTH),
    caller: null,
    traceId: null,
  };
}

function heldSlot(slot: PoolSlot, named: NamedSession, now: number): SlotView | null {
  const { state, reasons } = named.session;
  if (state.kind !== "running" && state.kind !== "kept") return null;
  return {
    id: slot.connectionId,
    backendPid: slot.backendPid,
    state: state.kind,
    forMillis: now - state.since,
    holder: holderOf(named, state.statement),
    reasons: state.kind === "kept" ? reasons : [],
    isTransactionFailed: state.lease.transactionStatus === "failed",
    leak: null,
    server: null,
  };
}

function freeSlot(slot: PoolSlot): SlotView {
  const isNamed = slot.state === "connecting" || slot.state === "idle" || slot.state === "closing";
  const state: SlotStateView = isNamed ? slot.state : "busy";
  return {
    id: slot.connectionId,
    backendPid: slot.backendPid,
    state,
    forMillis: slot.stateMillis,
    holder: null,
    reasons: [],
    isTransactionFailed: false,
    leak: null,
    server: null,
  };
}

function slotView(slot: PoolSlot, sessions: readonly NamedSession[], now: number): SlotView {
  const named = sessions.find(({ session }) => session.lease?.connectionId === slot.connectionId);
  return (named && heldSlot(slot, named, now)) ?? freeSlot(slot);
}

function waiterViews(sessions: readonly NamedSession[], now: number): WaiterView[] {
  const waiters: WaiterView[] = [];
  for (const named of sessions) {
    const { state } = named.session;
    if (state.kind !== "waiting") continue;
    waiters.push({ holder: holderOf(named, state.statement), forMillis: now - state.since });
  }
  return waiters.sort((a, b) => b.forMillis - a.forMillis);
}

/** All there is to see of one pool now. */
export function viewPool(database: Database, sessions: readonly NamedSession[], now: number): PoolView {
  const numbers = database.numbers();
  const own = sessions.filter(({ session }) => session.database === database);
  const slots = database.slots().map((slot) => slotView(slot, own, now));
  return {
    key: ownPoolKey(database.name),
    name: database.name,
    origin: { kind: "own" },
    target: database.target,
    max: numbers.max,
    total: numbers.total,
    idle: numbers.idle,
    used: numbers.acquired,
    connecting: numbers.connecting,
    waiting: numbers.waiting,
    counters: { checkouts: null, reused: null, timeouts: null, errors: null },
    waitTime: null,
    slots: slots.sort((a, b) => slotNumber(a.id) - slotNumber(b.id)),
    waiters: waiterViews(own, now),
  };
}
