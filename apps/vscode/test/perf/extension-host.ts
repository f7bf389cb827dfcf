import { readdirSync, readFileSync } from "node:fs";
import { vi } from "vitest";

const PORT = 9229;

/** The extension host of one workbench, looked into by its inspector. */
export class ExtensionHost {
  readonly #socket: WebSocket;
  #lastId = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Finds the process by a variable that only this workbench's has, and opens its inspector. */
  static async find(variable: string): Promise<ExtensionHost> {
    process.kill(pidWith(variable), "SIGUSR1");
    const url = await vi.waitFor(async () => {
      const targets: unknown = await (await fetch(`http://127.0.0.1:${PORT}/json/list`)).json();
      const [target] = Array.isArray(targets) ? targets : [];
      return String(target.webSocketDebuggerUrl);
    }, 10_000);
    const socket = new WebSocket(url);
    await new Promise((resolve) => socket.addEventListener("open", resolve));
    return new ExtensionHost(socket);
  }

  /** The memory that JavaScript objects take and that buffers take beside them, in megabytes, after a collection. */
  async memory(): Promise<{ heap: number; buffers: number }> {
    await this.#call("HeapProfiler.collectGarbage", {});
    const usage = await this.#evaluate("JSON.stringify(process.memoryUsage())");
    const { heapUsed, arrayBuffers } = JSON.parse(usage);
    return { heap: heapUsed / 1e6, buffers: arrayBuffers / 1e6 };
  }

  /** Begins to watch how long the host is held up. */
  async watchDelays(): Promise<void> {
    await this.#evaluate(
      "globalThis.delays = process.getBuiltinModule('node:perf_hooks').monitorEventLoopDelay({ resolution: 5 }), delays.enable(), ''",
    );
  }

  /** The longest that the host was held up since, in milliseconds. */
  async longestDelay(): Promise<number> {
    return Number(await this.#evaluate("delays.disable(), String(delays.max / 1e6)"));
  }

  close(): void {
    this.#socket.close();
  }

  async #evaluate(expression: string): Promise<string> {
    const { result } = await this.#call("Runtime.evaluate", { expression, returnByValue: true });
    return String(result.value);
  }

  #call(method: string, params: object): Promise<{ result: { value?: unknown } }> {
    this.#lastId++;
    const id = this.#lastId;
    return new Promise((resolve) => {
      const listen = ({ data }: MessageEvent) => {
        const message = JSON.parse(String(data));
        if (message.id !== id) return;
        this.#socket.removeEventListener("message", listen);
        resolve(message.result);
      };
      this.#socket.addEventListener("message", listen);
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }
}

function pidWith(variable: string): number {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const found = pids.find(
    (pid) => read(pid, "cmdline").includes("type=extensionHost") && read(pid, "environ").includes(variable),
  );
  if (found === undefined) throw new Error("no extension host found");
  return Number(found);
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
