/** Who holds or wants a connection. */
export interface HolderView {
  /** The editor's name. */
  readonly editor: string;
  /** The document's URI as text. */
  readonly uri: string;
  /** 1-based line of the statement. */
  readonly line: number;
  /** The statement on one line. */
  readonly statement: string;
}

/**
 * `running`: a statement is under way; `kept`: the session is dirty, so its editor keeps the connection; `busy`: the
 * pool itself validates, resets or closes it.
 */
export type SlotStateView = "connecting" | "idle" | "running" | "kept" | "busy";

export interface SlotView {
  /** `<pool>#<n>`. */
  readonly id: string;
  readonly backendPid: number | null;
  readonly state: SlotStateView;
  /** How long it has been in that state, in milliseconds. */
  readonly forMillis: number;
  readonly holder: HolderView | null;
  /** Why a kept connection is kept, such as `open transaction`. */
  readonly reasons: readonly string[];
  readonly isTransactionFailed: boolean;
}

export interface WaiterView {
  readonly holder: HolderView;
  readonly forMillis: number;
}

/** All there is to see of one pool at one moment. */
export interface PoolView {
  readonly name: string;
  /** Server, database and user, without secrets. */
  readonly target: string;
  readonly max: number;
  readonly total: number;
  readonly idle: number;
  readonly used: number;
  readonly connecting: number;
  readonly waiting: number;
  readonly slots: readonly SlotView[];
  readonly waiters: readonly WaiterView[];
}

/** One point of a pool's recent past. */
export interface PoolSample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly used: number;
  readonly idle: number;
  readonly connecting: number;
  readonly waiting: number;
  /** The state of each slot by number. */
  readonly lanes: Readonly<Record<number, SlotStateView>>;
}

export interface PoolHistory {
  readonly pool: PoolView;
  readonly samples: readonly PoolSample[];
}

/** What the host tells the dashboard; always complete. */
export type PoolHostMessage = {
  readonly type: "snapshot";
  readonly pools: readonly PoolHistory[];
  readonly windowMillis: number;
  readonly at: number;
};

/** What the dashboard asks of the host. */
export type PoolViewMessage =
  | { readonly type: "ready" }
  | { readonly type: "reveal"; readonly pool: string; readonly slotId: string }
  | { readonly type: "cancel"; readonly pool: string; readonly slotId: string }
  | { readonly type: "release"; readonly pool: string; readonly slotId: string }
  | { readonly type: "connect" };
