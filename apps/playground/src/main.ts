// The service alone, on a database that runs already: `node dist/main.js --help`.
import { parseArgs } from "node:util";
import { explainFailure } from "./launch/explain-failure.ts";
import { launch } from "./launch/launch.ts";

const HELP = `Usage: node dist/main.js [options]

Starts the sample service and the load on it, and shows its pool. Fills the schema "shop" where it is missing.

  --database-url URL  the database, as libpq writes it (default: DATABASE_URL)
  --port N            the port of the service (default: 8080; 0: a free one)
  --max N             the most connections of the pool (default: 10)
  --rate N            requests a second while it is calm (default: 100; 0: no load)
  --seconds N         end after N seconds and print a summary
  --json              print the summary as one line of JSON
  --help              this text
`;

const USAGE_EXIT_CODE = 2;

class UsageError extends Error {}

function parse(): ReturnType<typeof readFlags> {
  try {
    return readFlags();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message.split(". ")[0] : String(error));
  }
}

function readFlags() {
  const { values } = parseArgs({
    options: {
      "database-url": { type: "string", default: process.env.DATABASE_URL ?? "" },
      port: { type: "string", default: "8080" },
      max: { type: "string", default: "10" },
      rate: { type: "string", default: "100" },
      seconds: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  return values;
}

function count(flag: string, text: string, least: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= 65_535) return value;
  throw new UsageError(`${flag} must be a whole number from ${least} to 65535, not "${text}"`);
}

async function main(signal: AbortSignal): Promise<void> {
  const flags = parse();
  if (flags.help) return void process.stdout.write(HELP);
  if (flags["database-url"] === "")
    throw new UsageError("--database-url or DATABASE_URL must name a database");
  const options = {
    editor: false,
    vsix: null,
    editorPort: 0,
    databaseUrl: flags["database-url"],
    json: flags.json,
    seconds: flags.seconds === undefined ? null : count("--seconds", flags.seconds, 1),
    port: count("--port", flags.port, 0),
    max: count("--max", flags.max, 1),
    rate: count("--rate", flags.rate, 0),
  };
  await launch(options, { result: process.stdout, progress: (line) => console.error(line) }, signal);
}

const interrupt = new AbortController();
for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interrupt.abort(new Error(name)));
try {
  await main(interrupt.signal);
} catch (error) {
  const isUsage = error instanceof UsageError;
  const words = isUsage ? `${error.message}\nSee --help` : explainFailure(error);
  if (words === null) throw error;
  console.error(`error: ${words}`);
  process.exitCode = isUsage ? USAGE_EXIT_CODE : 1;
}
