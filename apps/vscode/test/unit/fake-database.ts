import type { Cell } from "../../shared/protocol/results.ts";
import type {
  Clock,
  Database,
  DatabaseLease,
  ExecuteOptions,
  Execution,
  ParameterType,
  PingTimes,
  PoolSlot,
  RowReader,
  ServerAddress,
  ServerBackend,
  SessionTrait,
  TransactionStatus,
} from "../../src/model/database.ts";

/** A clock that moves when it is told to. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Map<() => void, number>();

  now(): number {
    return this.#now;
  }

  after(delayMillis: number, callback: () => void): () => void {
    this.#timers.set(callback, this.#now + delayMillis);
    return () => this.#timers.delete(callback);
  }

  get timerCount(): number {
    return this.#timers.size;
  }

  advance(millis: number): void {
    this.#now += millis;
    for (const [callback, at] of this.#timers) {
      if (at > this.#now) continue;
      this.#timers.delete(callback);
      callback();
    }
  }
}

export const noRows: Execution = {
  columns: [],
  rows: [],
  command: "SET",
  rowCount: null,
  reader: null,
  hasMore: false,
  serverMillis: 1,
  fetchMillis: 0,
};

/** A lease whose session is what the test says. */
export class FakeLease implements DatabaseLease {
  readonly connectionId: string;
  readonly backendPid = 100;
  transactionStatus: TransactionStatus = "idle";
  traits = new Set<SessionTrait>();
  isReleased = false;
  next: () => Promise<Execution> = async () => noRows;
  /** Ends the connection; a lost one carries nothing. */
  lose: () => void = () => {};
  readonly executed: { text: string; values: readonly Cell[] }[] = [];

  constructor(connectionId: string) {
    this.connectionId = connectionId;
  }

  execute(text: string, { values = [] }: ExecuteOptions): Promise<Execution> {
    this.executed.push({ text, values });
    return this.next();
  }

  onNotice(): void {}

  async describe(): Promise<readonly ParameterType[]> {
    return [];
  }

  async refusal(): Promise<string | null> {
    return null;
  }

  onLost(listener: (error: unknown) => void): void {
    this.lose = () => {
      this.transactionStatus = "idle";
      this.traits = new Set();
      listener(new Error("lost"));
    };
  }

  async release(): Promise<void> {
    this.isReleased = true;
  }
}

/** A pool that gives what the test prepared. */
export class FakeDatabase implements Database {
  readonly name = "shop";
  readonly target = "app@db:5432/shop";
  readonly facts = { version: "18.0", isStandby: false, latencyMillis: 1, encryption: null };
  readonly servers: readonly ServerAddress[] = [{ host: "db", port: 5432 }];
  readonly leases: FakeLease[] = [];
  /** What the server says of its processes. */
  processes: readonly ServerBackend[] = [];
  /** What was asked of the pool and its server, in order. */
  readonly calls: string[] = [];
  prepare: (lease: FakeLease) => void = () => {};
  acquired: () => Promise<void> = async () => {};

  async acquire(): Promise<FakeLease> {
    await this.acquired();
    const lease = new FakeLease(`shop#${this.leases.length + 1}`);
    this.prepare(lease);
    this.leases.push(lease);
    return lease;
  }

  async writingFunctions(): Promise<readonly string[]> {
    return [];
  }

  async tableName(): Promise<string | null> {
    return null;
  }

  numbers() {
    const acquired = this.leases.filter(({ isReleased }) => !isReleased).length;
    return { max: 4, total: this.leases.length, idle: 0, acquired, connecting: 0, waiting: 0 };
  }

  slots(): readonly PoolSlot[] {
    return this.leases.map(({ connectionId, backendPid, isReleased }) => ({
      connectionId,
      backendPid,
      state: isReleased ? "idle" : "acquired",
      stateMillis: 0,
    }));
  }

  async backends(pids: readonly number[]): Promise<readonly ServerBackend[]> {
    this.calls.push(`backends ${pids.join(",")}`);
    return this.processes.filter(({ pid }) => pids.includes(pid));
  }

  async endBackend(pid: number, how: "cancel" | "terminate"): Promise<boolean> {
    this.calls.push(`${how} ${pid}`);
    return this.processes.some((process) => process.pid === pid);
  }

  resize(max: number): void {
    this.calls.push(`resize ${max}`);
  }

  async evictAll(): Promise<void> {
    this.calls.push("evictAll");
  }

  evictIdle(): void {
    this.calls.push("evictIdle");
  }

  async ping(): Promise<PingTimes> {
    return { waitMillis: 0.1, serverMillis: 1 };
  }

  onDidChange(): () => void {
    return () => {};
  }

  async close(): Promise<void> {}
}

/** A reader over so many rows. */
export class FakeReader implements RowReader {
  isClosed = false;
  isCancelled = false;
  #left: number;

  constructor(rows: number) {
    this.#left = rows;
  }

  async read(count: number) {
    const taken = Math.min(count, this.#left);
    this.#left -= taken;
    return { rows: Array.from({ length: taken }, () => ["x"]), isLast: this.#left === 0 };
  }

  cancel(): void {
    this.isCancelled = true;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
