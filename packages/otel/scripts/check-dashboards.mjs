#!/usr/bin/env node
// Runs every expression of the dashboard and the alerts on a real Prometheus that scrapes a real service:
//   node scripts/check-dashboards.mjs 127.0.0.1:9464
// The service is scraped twice, as it is and with the names that the way over OTLP gives, and each expression must return data
// for both. Needs `prometheus` and `promtool` (Debian: apt-get install prometheus).
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const target = process.argv[2];
if (target === undefined || !/^[\w.-]+:\d+$/.test(target)) {
  console.error("usage: node scripts/check-dashboards.mjs HOST:PORT (where the service serves /metrics)");
  process.exit(2);
}

const dashboards = resolve(import.meta.dirname, "../dashboards");
const rulesFile = join(dashboards, "rockpool-alerts.yaml");
const JOBS = ["scraped", "received"];
const WARM_UP_MILLIS = 30_000;

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

/** An alert keeps the label of its job; a panel is asked for one job. */
async function hasData(url, expr, jobName) {
  const own = expr
    .replaceAll("$__rate_interval", "20s")
    .replaceAll("[5m]", "[20s]")
    .replaceAll("$job", jobName)
    .replaceAll("$pool", ".*");
  const result = await query(url, own);
  const relevant = expr.includes("$job") ? result : result.filter(({ metric }) => metric.job === jobName);
  return relevant.some(({ value }) => value[1] !== "NaN");
}

execFileSync("promtool", ["check", "rules", rulesFile], { stdio: "inherit" });
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
const prometheus = spawn(
  "prometheus",
  [
    `--config.file=${configFile}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=warn",
  ],
  { stdio: "inherit" },
);
process.on("exit", () => prometheus.kill());
let failures = 0;
try {
  console.log(`Prometheus collects for ${WARM_UP_MILLIS / 1_000} s`);
  await new Promise((done) => setTimeout(done, WARM_UP_MILLIS));
  for (const expr of [...alertExpressions(), ...panelExpressions()]) {
    for (const jobName of JOBS) {
      if (await hasData(url, expr, jobName)) continue;
      failures += 1;
      console.error(`no data for ${jobName}: ${expr}`);
    }
  }
} finally {
  prometheus.kill();
  await new Promise((done) => prometheus.once("exit", done));
  rmSync(folder, { recursive: true, force: true });
}
console.log(
  failures === 0
    ? "every expression returns data in both spellings"
    : `${failures} expressions return nothing`,
);
process.exitCode = failures === 0 ? 0 : 1;
