import { createRequire } from "node:module";
import { cpus, totalmem } from "node:os";
import type { CaseSummary, Spread } from "./summary.ts";

const require = createRequire(import.meta.url);

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

function versionOf(name: string): string {
  const manifest: unknown = require(`${name}/package.json`);
  return typeof manifest === "object" && manifest !== null && "version" in manifest
    ? String(manifest.version)
    : "?";
}

/** The whole of `docs/benchmarks.md`. */
export function documentOf(summaries: readonly CaseSummary[], setting: Setting): string {
  const [cpu] = cpus();
  const peers = ["pg", "generic-pool", "tarn"].map((name) => `${name} ${versionOf(name)}`).join(", ");
  return `# Benchmarks

Each figure is the median of ${setting.rounds} rounds. In a round every contestant runs once in the same process against the same server, in
an order that moves on from round to round; a ratio is taken within its round, and the range in brackets is that of all rounds.
Read the ratios: bare numbers belong to this machine and this day.

- measured ${setting.date.toISOString().slice(0, 10)} by \`${setting.command}\`
- ${cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB, server and client on the same machine
- Node ${process.versions.node}, PostgreSQL ${setting.serverVersion}; ${peers}, postgres.js and slonik as in \`tooling/bench/package.json\`

${summaries.map(tableOf).join("\n")}`;
}
