import { parseArgs } from "node:util";
import { CommandFailure } from "./failure.mjs";

export const START_HELP = `Usage: npm start -- [options]

Starts PostgreSQL with a sample database, a small service under load on it, and VS Code in the browser with
Rockpool installed and connected. Ctrl-C stops and removes everything.

  --no-editor        show the live pool in the terminal instead of VS Code
  --seconds N        end after N seconds and print a summary
  --json             print the summary as one line of JSON on standard output, all else on standard error
  --port N           the port of the service (default: a free one)
  --editor-port N    the port of VS Code (default: a free one)
  --max N            the most connections of the pool (default: 10)
  --rate N           requests a second while it is calm; bursts bring six times as many (default: 150, beside
                     VS Code 40; 0: no load)
  --help             this text

Environment:
  DATABASE_URL       a PostgreSQL to use instead of one of our own; the sample goes to its schema "shop"
  OTEL_EXPORTER_OTLP_ENDPOINT and its relatives: where the service sends its spans and metrics
`;

const FLAGS = /** @type {const} */ ({
  "no-editor": { type: "boolean", default: false },
  seconds: { type: "string" },
  json: { type: "boolean", default: false },
  port: { type: "string" },
  "editor-port": { type: "string" },
  max: { type: "string" },
  rate: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
});

const USAGE_EXIT_CODE = 2;
const HIGHEST_PORT = 65_535;
const MOST_CONNECTIONS = 90;

/**
 * Reads the command line of `npm start`.
 *
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} environment
 */
export function parseStartOptions(args, environment) {
  const { values } = parse(args);
  return {
    help: values.help,
    editor: !values["no-editor"],
    json: values.json,
    seconds:
      values.seconds === undefined ? null : numberOf("--seconds", values.seconds, { least: 1, most: 86_400 }),
    port: numberOf("--port", values.port ?? "0", { least: 0, most: HIGHEST_PORT }),
    editorPort: numberOf("--editor-port", values["editor-port"] ?? "0", { least: 0, most: HIGHEST_PORT }),
    max: numberOf("--max", values.max ?? "10", { least: 1, most: MOST_CONNECTIONS }),
    rate: numberOf("--rate", values.rate ?? (values["no-editor"] ? "150" : "40"), { least: 0, most: 2_000 }),
    databaseUrl: environment.DATABASE_URL || null,
  };
}

/** @param {readonly string[]} args */
function parse(args) {
  try {
    return parseArgs({ args: [...args], options: FLAGS, strict: true, allowPositionals: false });
  } catch (error) {
    const [fact = "bad arguments"] = error instanceof Error ? error.message.split(". ") : [];
    throw usageFailure(fact);
  }
}

/**
 * @param {string} flag
 * @param {string} text
 * @param {{ least: number, most: number }} limits
 */
function numberOf(flag, text, { least, most }) {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usageFailure(`${flag} must be a whole number from ${least} to ${most}, not "${text}"`);
}

/** @param {string} fact */
function usageFailure(fact) {
  return new CommandFailure(fact, { remedy: "See npm start -- --help", exitCode: USAGE_EXIT_CODE });
}
