import type { TapeRecorder } from "@rockpool/otel/timeline";
import { Disposable } from "vscode";
import type { PoolView } from "../../../shared/protocol/pool.ts";
import type { Clock } from "../../model/database.ts";
import type { LaneOwner, PoolSource } from "../../model/pool/pool-source.ts";
import { ownPoolKey, viewPool } from "../../model/pool/pool-view.ts";
import type { OpenConnections } from "../connections/open-connections.ts";
import type { EditorSessions } from "../leases/editor-sessions.ts";

/** The extension's own pools: who holds a slot is known to the statement. */
export class OwnPools implements PoolSource {
  readonly recorder: TapeRecorder;
  readonly #connections: OpenConnections;
  readonly #sessions: EditorSessions;
  readonly #clock: Clock;

  constructor(parts: {
    connections: OpenConnections;
    sessions: EditorSessions;
    recorder: TapeRecorder;
    clock: Clock;
  }) {
    this.recorder = parts.recorder;
    this.#connections = parts.connections;
    this.#sessions = parts.sessions;
    this.#clock = parts.clock;
  }

  pools(): readonly PoolView[] {
    const now = this.#clock.now();
    return this.#connections.all.map(({ database }) => viewPool(database, this.#sessions.all, now));
  }

  keyOf({ poolName }: LaneOwner): string {
    return ownPoolKey(poolName);
  }

  onDidChange(listener: () => void): () => void {
    const subscription = Disposable.from(
      this.#connections.onDidChange(listener),
      this.#connections.onDidOpenOrClose(listener),
      this.#sessions.onDidChange(listener),
    );
    return () => void subscription.dispose();
  }
}
