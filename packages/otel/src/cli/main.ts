#!/usr/bin/env node
import { readFile } from "node:fs/promises";
import { ReceiverError } from "../receiver/receiver-error.ts";
import { HELP } from "./help.ts";
import { InputError } from "./input-error.ts";
import { parseArguments } from "./parse-arguments.ts";
import { runTimeline } from "./timeline-command.ts";
import { UsageError } from "./usage-error.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  // A reader that has seen enough, such as `head`, is no failure.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  try {
    await run(args);
    return 0;
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    if (!(error instanceof UsageError)) return 1;
    process.stderr.write("See npx @rockpool/otel --help\n");
    return 2;
  }
}

async function run(args: readonly string[]): Promise<void> {
  const command = parseArguments(args);
  if (command.kind === "help") process.stdout.write(HELP);
  else if (command.kind === "version") process.stdout.write(`${await version()}\n`);
  else await runTimeline(command);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isExpected =
    error instanceof ReceiverError || error instanceof UsageError || error instanceof InputError;
  if (isExpected || "syscall" in error) return error.message;
  return error.stack ?? error.message;
}

async function version(): Promise<string> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const json: unknown = JSON.parse(text);
  return typeof json === "object" && json !== null && "version" in json ? String(json.version) : "unknown";
}
