#!/usr/bin/env node
// Runs every expression of the dashboard and the alerts on a real Prometheus that scrapes the playground, or a service of yours:
//
//   npx -y pnpm@12.21.0 exec turbo run build --filter=@rockpool/playground && node apps/playground/scripts/check-dashboards.mjs [HOST:PORT]
//
// The service is scraped twice, as it is and with the names that the way over OTLP gives, and each expression must return data
// for both. Needs `prometheus` and `promtool` (Debian: apt-get install prometheus).
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createPool } from "@rockpool/core";
import { runPlayground } from "./run-playground.mjs";

const own = process.argv[2];
if (own !== undefined && !/^[\w.-]+:\d+$/.test(own)) {
  console.error(
    "usage: check-dashboards.mjs [HOST:PORT] (where a service of yours serves /metrics; default: the playground)",
  );
  process.exit(2);
}
const target = own ?? `127.0.0.1:${await freePort()}`;

const require = createRequire(import.meta.url);
const dashboards = join(dirname(require.resolve("@rockpool/otel/package.json")), "dashboards");
const rulesFile = join(dashboards, "rockpool-alerts.yaml");
const JOBS = ["scraped", "received"];
const WARM_UP_MILLIS = 30_000;
/** With the trouble that is made for it, there is something to see in every panel. */
const PLAYGROUND = { seconds: 120, rate: 40, max: 3 };

const folder = mkdtempSync(join(tmpdir(), "rockpool-prometheus-"));
const configFile = join(folder, "prometheus.yml");
const job = (name, relabel) => ({
  job_name: name,
  static_configs: [{ targets: [target] }],
  ...(relabel ? { metric_relabel_configs: [relabel] } : {}),
});
const withUnit = {
  source_labels: ["__name__"],
  regex: "(.+_(?:time|duration))_(bucket|sum|count)",
  target_label: "__name__",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the groups of the expression above
  replacement: "${1}_seconds_${2}",
};
const config = {
  global: { scrape_interval: "1s", evaluation_interval: "5s" },
  rule_files: [rulesFile],
  scrape_configs: [job("scraped"), job("received", withUnit)],
};
// YAML reads JSON.
writeFileSync(configFile, JSON.stringify(config));

/** The alerts without their thresholds, since a healthy service is below them. */
function alertExpressions() {
  const text = readFileSync(rulesFile, "utf8");
  return [...text.matchAll(/expr: \|-\n\s+(.+)/g)].map(([, expr]) =>
    expr.replace(/ >=? [\d.]+(?: and .*)?$/, ""),
  );
}

function panelExpressions() {
  const { panels } = JSON.parse(readFileSync(join(dashboards, "rockpool-grafana.json"), "utf8"));
  return panels.flatMap((panel) => (panel.targets ?? []).map((one) => one.expr));
}

/** What the documentation says to type: one query a paragraph, below its comment. */
function documentedExpressions() {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/concepts/tracing.md"), "utf8");
  const [, block = ""] = /```promql\n([^`]*)```/.exec(page) ?? [];
  return block.split("\n\n").map((paragraph) => paragraph.replaceAll(/^#.*\n/gm, "").replaceAll(/\s+/g, " "));
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

async function query(url, expr) {
  const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
  const body = await response.json();
  if (body.status !== "success") throw new Error(`${body.error}: ${expr}`);
  return body.data.result;
}

/** An alert keeps the label of its job; a panel is asked for one job, and what is typed by hand for all. */
async function hasData(url, expr, jobName) {
  const own = expr
    .replaceAll("$__rate_interval", "20s")
    .replaceAll("[5m]", "[20s]")
    .replaceAll("$job", jobName)
    .replaceAll("$pool", ".*");
  const result = await query(url, own);
  const isOfAll = expr.includes("$job") || !expr.includes("job");
  const relevant = isOfAll ? result : result.filter(({ metric }) => metric.job === jobName);
  return relevant.some(({ value }) => value[1] !== "NaN");
}

/** Collects for a while, then asks everything; returns how many expressions gave nothing. */
async function askEverything() {
  execFileSync("promtool", ["check", "rules", rulesFile], { stdio: "inherit" });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=warn",
  ];
  const prometheus = spawn("prometheus", args, { stdio: "inherit" });
  const ended = new Promise((done) => prometheus.once("exit", done));
  process.on("exit", () => prometheus.kill());
  try {
    console.log(`Prometheus collects from ${target} for ${WARM_UP_MILLIS / 1_000} s`);
    await new Promise((done) => setTimeout(done, WARM_UP_MILLIS));
    return await countSilent(url);
  } finally {
    prometheus.kill();
    await ended;
  }
}

async function countSilent(url) {
  const expressions = [...alertExpressions(), ...panelExpressions(), ...documentedExpressions()];
  console.log(`asking ${expressions.length} expressions, in both spellings of the names`);
  let silent = 0;
  for (const expr of expressions) {
    for (const jobName of JOBS) {
      if (await hasData(url, expr, jobName)) continue;
      silent += 1;
      console.error(`no data for ${jobName}: ${expr}`);
    }
  }
  return silent;
}

/** What a healthy service never has: connections that break, and callers whose time is over. Ends with the signal. */
async function makeTrouble(databaseUrl, signal) {
  const pool = createPool(databaseUrl, { name: "trouble" });
  // While they wait for the lock, so that their statements fail.
  const kill =
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'playground' and wait_event_type = 'Lock'";
  const block = async (tx) => {
    await tx.query("lock table shop.orders in access exclusive mode");
    await tx.query("select pg_sleep(1)");
    await pool.query(kill);
    // Longer than an acquire of the playground waits.
    await tx.query("select pg_sleep(6)");
  };
  const isFilled = "select to_regclass('shop.order_lines') is not null as yes from pg_sleep(0.2)";
  try {
    while (!(await pool.query(isFilled, [], { signal })).rows[0].yes);
    while (!signal.aborted) await pool.transaction(block, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await pool.close();
  }
}

let silent = 0;
async function check(databaseUrl) {
  const end = new AbortController();
  const trouble = databaseUrl === undefined ? null : makeTrouble(databaseUrl, end.signal);
  try {
    silent = await (trouble === null ? askEverything() : Promise.race([askEverything(), trouble]));
  } finally {
    end.abort();
    await trouble;
  }
}
try {
  if (own !== undefined) await check();
  else {
    const [, metricsPort] = target.split(":");
    const variables = {
      OTEL_METRICS_EXPORTER: "prometheus",
      OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
      OTEL_EXPORTER_PROMETHEUS_PORT: metricsPort,
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
    };
    await runPlayground({ ...PLAYGROUND, variables }, check);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  silent === 0 ? "every expression returns data in both spellings" : `${silent} expressions return nothing`,
);
process.exitCode = silent === 0 ? 0 : 1;
