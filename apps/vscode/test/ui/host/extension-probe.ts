import fs from "node:fs";
import fsPromises from "node:fs/promises";
import Module from "node:module";
import { Socket } from "node:net";
import type { ExtensionContext } from "vscode";

const OWN_CODE = /rockpool\.rockpool-[^/]+\/dist\/(\w+)\.js/;
const ENTRY = /rockpool\.rockpool-[^/]+\/dist\/extension\.js$/;

type Callable = (...args: unknown[]) => unknown;

/** What the extension exports to the editor. */
interface Entry {
  activate(context: ExtensionContext): unknown;
  deactivate(): Promise<void>;
}

function isEntry(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && "activate" in value && "deactivate" in value;
}

/**
 * Watches what the extension's own code does to the process it shares with others: files, sockets and timers, and what its
 * activation costs. It stands before the extension is loaded.
 */
export class ExtensionProbe {
  readonly #uses: string[] = [];
  readonly #timers = new Map<unknown, string>();
  readonly #sockets = new Set<Socket>();
  #entry: Entry | null = null;
  #context: ExtensionContext | null = null;
  /** What loading the entry and activating it took at most, in milliseconds. */
  readonly millis: { loading: number; activating: number } = {
    loading: Number.NaN,
    activating: Number.NaN,
  };

  constructor() {
    Error.stackTraceLimit = 50;
    for (const target of [fs, fsPromises]) {
      for (const name of [
        "readFile",
        "readFileSync",
        "stat",
        "statSync",
        "open",
        "openSync",
        "readdir",
        "existsSync",
      ]) {
        this.#wrap(target, name);
      }
    }
    this.#watchSockets();
    this.#watchTimers();
    this.#watchEntry();
  }

  /** Files that were read, sockets that were opened and timers that were started so far, with where. */
  get uses(): readonly string[] {
    return this.#uses;
  }

  /** Timers that have neither come nor been stopped, with where they were started. */
  get liveTimers(): readonly string[] {
    return [...this.#timers.values()];
  }

  get liveSockets(): number {
    return [...this.#sockets].filter((socket) => !socket.destroyed).length;
  }

  /** Ends the extension as the editor does. */
  async end(): Promise<void> {
    await this.#entry?.deactivate();
    for (const disposable of [...(this.#context?.subscriptions ?? [])].reverse()) disposable.dispose();
  }

  /** Where the extension itself calls a function; null where somebody else does, be it on its behalf. */
  #place(name: string): string | null {
    const frames = (new Error(name).stack ?? "").split("\n").slice(1);
    const callers = frames.filter((frame) => !frame.includes("node:") && !frame.includes(__filename));
    const [caller = "", before = ""] = callers;
    return OWN_CODE.test(caller) ? `${name} ${caller.trim()} ${before.trim()}` : null;
  }

  #wrap(target: object, name: string): void {
    const original: unknown = Reflect.get(target, name);
    if (typeof original !== "function") return;
    const note = (): void => {
      const place = this.#place(name);
      if (place !== null) this.#uses.push(place);
    };
    Reflect.set(target, name, function (this: unknown, ...args: unknown[]) {
      note();
      return Reflect.apply(original, this, args);
    });
  }

  /** The editor stands between an extension and the network, so that any frame of the extension's counts. */
  #watchSockets(): void {
    const original = Socket.prototype.connect;
    const note = (socket: Socket): void => {
      if (!OWN_CODE.test(new Error("connect").stack ?? "")) return;
      this.#uses.push("connect");
      this.#sockets.add(socket);
    };
    Reflect.set(Socket.prototype, "connect", function (this: Socket, ...args: unknown[]) {
      note(this);
      return Reflect.apply(original, this, args);
    });
  }

  #watchTimers(): void {
    for (const name of ["setTimeout", "setInterval"]) {
      const original: Callable = Reflect.get(globalThis, name);
      Reflect.set(globalThis, name, (callback: Callable, ...args: unknown[]) => {
        const place = this.#place(name);
        if (place === null) return original(callback, ...args);
        this.#uses.push(place);
        const timer = original(
          (...given: unknown[]) => {
            if (name === "setTimeout") this.#timers.delete(timer);
            return callback(...given);
          },
          ...args,
        );
        this.#timers.set(timer, place);
        return timer;
      });
    }
    for (const name of ["clearTimeout", "clearInterval"]) {
      const original: Callable = Reflect.get(globalThis, name);
      Reflect.set(globalThis, name, (timer: unknown) => {
        this.#timers.delete(timer);
        return original(timer);
      });
    }
  }

  /** The editor loads the entry with `require`, and gives it the context that holds what is disposed at the end. */
  #watchEntry(): void {
    const load: Callable = Reflect.get(Module, "_load");
    Reflect.set(Module, "_load", (request: string, ...args: unknown[]) => {
      if (!ENTRY.test(request)) return load(request, ...args);
      const before = startMeasure();
      const loaded = load(request, ...args);
      this.millis.loading = millisSince(before);
      return isEntry(loaded) ? this.#watched(loaded) : loaded;
    });
  }

  #watched(entry: Entry): Entry {
    this.#entry = entry;
    return {
      activate: (context) => {
        this.#context = context;
        const before = startMeasure();
        const exported = entry.activate(context);
        this.millis.activating = millisSince(before);
        return exported;
      },
      deactivate: () => entry.deactivate(),
    };
  }
}

interface Measure {
  readonly cpu: NodeJS.CpuUsage;
  readonly at: number;
}

function startMeasure(): Measure {
  return { cpu: process.cpuUsage(), at: performance.now() };
}

/** What this thread worked at most: other threads share the processor time, other processes the time on the wall. */
function millisSince({ cpu, at }: Measure): number {
  const { user, system } = process.cpuUsage(cpu);
  return Math.min((user + system) / 1_000, performance.now() - at);
}
