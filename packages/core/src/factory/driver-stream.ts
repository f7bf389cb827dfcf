import type { Duplex } from "node:stream";

/** What the driver calls on a stream beyond `Duplex`. */
interface DriverStream extends Duplex {
  setNoDelay(): DriverStream;
  ref(): DriverStream;
  unref(): DriverStream;
  connect(): DriverStream;
}

/**
 * Makes a stream that is connected already look like one that the driver connects.
 *
 * The driver would dial by itself, one address and one TLS mode per client; the factory dials, and the driver starts
 * with the startup message.
 */
export function asDriverStream(stream: Duplex): Duplex {
  const same = (): DriverStream => driverStream;
  const driverStream: DriverStream = Object.assign(stream, {
    setNoDelay: bound(stream, "setNoDelay") ?? same,
    ref: bound(stream, "ref") ?? same,
    unref: bound(stream, "unref") ?? same,
    connect: () => {
      process.nextTick(() => stream.emit("connect"));
      return driverStream;
    },
  });
  return driverStream;
}

function bound(stream: Duplex, method: "setNoDelay" | "ref" | "unref"): (() => DriverStream) | null {
  const own: unknown = Reflect.get(stream, method);
  return typeof own === "function" ? own.bind(stream) : null;
}
