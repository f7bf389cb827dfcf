/** The addresses that a receiver may listen on. */
export type LoopbackHost = "127.0.0.1" | "::1" | "localhost";

/** What `OtlpReceiver.start` accepts. */
export interface OtlpReceiverOptions {
  /** The port; 0 takes a free one. Default: 4318, where OTLP exporters send by themselves. */
  port?: number;
  /** Where to listen; `localhost` is 127.0.0.1 and, where the machine has it, ::1. Default: `localhost`. */
  host?: LoopbackHost;
  /** The largest body, before and after unpacking, in bytes. Default: 4 MiB. */
  maxBodyBytes?: number;
  /** How much all requests in progress may hold, in bytes; beyond it the answer is 503. At least `maxBodyBytes`. Default: 32 MiB. */
  maxPendingBytes?: number;
  /** How many requests may be in progress; beyond it the answer is 429. Default: 64. */
  maxPendingRequests?: number;
  /** How many spans `spans()` keeps. Default: 10 000. */
  maxSpans?: number;
  /** How many metrics `metrics()` keeps. Default: 1 000. */
  maxMetrics?: number;
  /** How long a sender may take for one request, in milliseconds. Default: 10 000. */
  requestTimeoutMillis?: number;
  /** Called with what a listener threw, and with what a request met that is no fault of its sender. Default: `process.emitWarning`. */
  onError?: (error: unknown) => void;
}

/** The options with every default in place. */
export type OtlpReceiverSettings = Readonly<Required<OtlpReceiverOptions>>;

const DEFAULTS: OtlpReceiverSettings = {
  port: 4318,
  host: "localhost",
  maxBodyBytes: 4 * 1024 * 1024,
  maxPendingBytes: 32 * 1024 * 1024,
  maxPendingRequests: 64,
  maxSpans: 10_000,
  maxMetrics: 1_000,
  requestTimeoutMillis: 10_000,
  onError: (error) =>
    process.emitWarning(error instanceof Error ? error : `an OTLP receiver met ${String(error)}`),
};

const HOSTS: readonly string[] = ["127.0.0.1", "::1", "localhost"] satisfies LoopbackHost[];

/**
 * Puts the defaults in place.
 *
 * @throws {RangeError} An option is unknown or outside its limits, or the host is not a loopback address.
 */
export function resolveReceiverOptions(options: OtlpReceiverOptions): OtlpReceiverSettings {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const unknown = given.find(([name]) => !Object.hasOwn(DEFAULTS, name));
  if (unknown !== undefined) {
    const known = Object.keys(DEFAULTS).join(", ");
    throw new RangeError(`${unknown[0]} is not an option of a receiver; the options are ${known}`);
  }
  const settings = { ...DEFAULTS, ...Object.fromEntries(given) };
  if (!HOSTS.includes(settings.host)) {
    throw new RangeError(`host must be one of ${HOSTS.join(", ")}: a receiver serves this machine alone`);
  }
  inRange("port", settings.port, 0, 65_535);
  inRange("maxBodyBytes", settings.maxBodyBytes, 1);
  inRange("maxPendingBytes", settings.maxPendingBytes, settings.maxBodyBytes);
  inRange("maxPendingRequests", settings.maxPendingRequests, 1);
  inRange("maxSpans", settings.maxSpans, 1);
  inRange("maxMetrics", settings.maxMetrics, 1);
  inRange("requestTimeoutMillis", settings.requestTimeoutMillis, 1);
  return settings;
}

function inRange(name: string, value: number, min: number, max: number = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  throw new RangeError(`${name} must be a whole number from ${min} to ${max}, not ${value}`);
}
