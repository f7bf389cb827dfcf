import { cpus, loadavg, totalmem } from "node:os";
import type { CaseSummary, Spread } from "./summary.ts";
import { versionOf } from "./version-of.ts";

/** What stands above the tables: where and with what the figures were measured. */
export interface Setting {
  readonly date: Date;
  readonly rounds: number;
  readonly command: string;
  readonly serverVersion: string;
}

function number(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function ratio(spread: Spread | null): string {
  return spread === null ? "–" : `${number(spread.median)} (${number(spread.low)}–${number(spread.high)})`;
}

/** One table a case, as Markdown; it reads as well in a terminal. */
export function tableOf({ bench, lines }: CaseSummary): string {
  const heads = bench.columns.flatMap((column) => [column.unit, `÷ ${bench.baseline}`]);
  const rows = lines.map((line) => [
    line.contestant,
    ...line.cells.flatMap((cell) => [number(cell.value.median), ratio(cell.ratio)]),
  ]);
  const all = [["", ...heads], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0), 3)) ?? [];
  const text = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  const [head = [], ...body] = all;
  return [`### ${bench.name}`, "", bench.question, "", text(head), rule, ...body.map(text), ""].join("\n");
}

/** The tables of a document by their cases, so that a run of some leaves the others as they stand. */
export function tablesIn(document: string): Map<string, string> {
  const tables = new Map<string, string>();
  for (const section of document.split(/^(?=### )/m)) {
    if (!section.startsWith("### ")) continue;
    tables.set(section.slice(4, section.indexOf("\n")), `${section.trimEnd()}\n`);
  }
  return tables;
}

/** The whole of `docs/benchmarks.md`. */
export function documentOf(tables: readonly string[], setting: Setting): string {
  const [cpu] = cpus();
  const peers = ["pg", "postgres", "slonik", "generic-pool", "tarn", "@opentelemetry/instrumentation-pg"];
  const versions = peers.map((name) => `${name} ${versionOf(name)}`).join(", ");
  return `# Benchmarks

A case is run in ${setting.rounds === 1 ? "one process" : `${setting.rounds} processes, one after the other`}. There the work is cut into slices, and in a slice every contestant takes one
turn against the same server, another one first each time. A figure is the median of all slices; a ratio is taken within its slice,
and the range in brackets holds the middle half of them. Read the ratios: bare numbers belong to this machine and this day.

- measured ${setting.date.toISOString().slice(0, 10)} by \`${setting.command}\`
- ${cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, server and client on the same machine
- load average at the end ${number(loadavg()[0] ?? Number.NaN)}: where it is above the number of processors, other work ran beside the bench, and the CPU times are the better guide
- Node ${process.versions.node}, PostgreSQL ${setting.serverVersion}; ${versions}

${tables.join("\n")}`;
}
