import { parseArgs } from "node:util";
import { MIN_WIDTH } from "./terminal/draw-timeline.ts";
import { UsageError } from "./usage-error.ts";

/** What the command line asks for. */
export type Command =
  | { readonly kind: "help" }
  | { readonly kind: "version" }
  | ({ readonly kind: "timeline" } & TimelineCommand);

/** How a timeline is read and shown. */
export interface TimelineCommand {
  /** Empty, or `-`, for standard input. */
  readonly files: readonly string[];
  /** Null where files are read. */
  readonly port: number | null;
  readonly seconds: number | null;
  readonly htmlFile: string | null;
  readonly traceUrl: string | null;
  readonly isJson: boolean;
  readonly isAscii: boolean;
  readonly width: number | null;
}

const DEFAULT_PORT = "4318";

const OPTIONS = {
  listen: { type: "string" },
  seconds: { type: "string" },
  html: { type: "string" },
  "trace-url": { type: "string" },
  json: { type: "boolean" },
  ascii: { type: "boolean" },
  width: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

/**
 * Reads the command line.
 *
 * @throws {UsageError} A flag or a command is unknown, or a value is out of range.
 */
export function parseArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(withListenPort(args));
  if (values.help) return { kind: "help" };
  if (values.version) return { kind: "version" };
  const [command, ...files] = positionals;
  if (command === undefined) throw new UsageError("a command is missing: timeline");
  if (command !== "timeline") throw new UsageError(`unknown command "${command}": there is timeline`);
  const port = values.listen === undefined ? null : wholeNumber("--listen", values.listen, 0, 65_535);
  if (port !== null && files.length > 0) throw new UsageError("--listen and files exclude each other");
  if (port === null && values.seconds !== undefined) throw new UsageError("--seconds needs --listen");
  return {
    kind: "timeline",
    files,
    port,
    seconds: values.seconds === undefined ? null : wholeNumber("--seconds", values.seconds, 1, 86_400),
    htmlFile: htmlFile(values.html),
    traceUrl: traceUrl(values["trace-url"]),
    isJson: values.json ?? false,
    isAscii: values.ascii ?? false,
    width: values.width === undefined ? null : wholeNumber("--width", values.width, MIN_WIDTH, 1_000),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split(". ", 1)[0] ?? message);
  }
}

/** `parseArgs` knows no option whose value may be absent. */
function withListenPort(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (arg === "--listen") return `--listen=${isPort(args[index + 1]) ? args[index + 1] : DEFAULT_PORT}`;
    return args[index - 1] === "--listen" && isPort(arg) ? [] : arg;
  });
}

function isPort(arg: string | undefined): boolean {
  return arg !== undefined && /^\d+$/.test(arg);
}

function wholeNumber(flag: string, text: string, min: number, max: number): number {
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`${flag} must be a whole number from ${min} to ${max}, not "${text}"`);
}

/** A file of spans whose name follows `--html` by mistake would be lost. */
function htmlFile(name: string | undefined): string | null {
  if (name === undefined || /\.html?$/i.test(name)) return name ?? null;
  throw new UsageError(`--html must name a file that ends in .html, not "${name}"`);
}

function traceUrl(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (/^https?:\/\//.test(text) && text.includes("{traceId}")) return text;
  throw new UsageError("--trace-url must begin with http:// or https:// and contain {traceId}");
}
