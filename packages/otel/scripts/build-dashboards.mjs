#!/usr/bin/env node
// Writes dashboards/rockpool-grafana.json and dashboards/rockpool-alerts.yaml, so that both name each metric in the same two ways.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../dashboards");

const POOL = "db_client_connection_pool_name";
const GRAFANA = { selector: `job=~"$job", ${POOL}=~"$pool"`, job: `job=~"$job"`, window: "$__rate_interval" };
const ALERTS = { selector: "", job: "", window: "5m" };

const labels = (...parts) => {
  const given = parts.filter(Boolean).join(", ");
  return given === "" ? "" : `{${given}}`;
};

/** A histogram in seconds: the exporters name it without its unit, the way over OTLP with it. */
const timeBuckets = (name, by, at) =>
  ["", "_seconds"]
    .map((unit) => `sum by (${by}) (rate(${name}${unit}_bucket${labels(at.selector)}[${at.window}]))`)
    .join(" or ");
const quantile = (share, name, by, at) =>
  `histogram_quantile(${share}, ${timeBuckets(name, `${by}, le`, at)})`;
const perSecond = (name, by, at, extra = "") =>
  `sum by (${by}) (rate(${name}${labels(at.selector, extra)}[${at.window}]))`;
const state = (name, by, at, extra = "") => `sum by (${by}) (${name}${labels(at.selector, extra)})`;

/** The conventions renamed it in version 1.45. */
const limit = (by, at) =>
  `(${state("db_client_connection_limit", by, at)} or ${state("db_client_connection_max", by, at)})`;
const used = (by, at) => state("db_client_connection_count", by, at, 'db_client_connection_state="used"');
const queries = (by, at, extra = "") =>
  `(${["", "_seconds"].map((unit) => `sum by (${by}) (rate(db_client_operation_duration${unit}_count${labels(at.job, extra)}[${at.window}]))`).join(" or ")})`;
const newShare = (by, at) =>
  `(${perSecond("rockpool_connection_acquires_total", by, at, 'rockpool_acquire_source="new"')} or 0 * ${perSecond("rockpool_connection_acquires_total", by, at)}) / ${perSecond("rockpool_connection_acquires_total", by, at)}`;

let nextId = 1;
const target = (expr, legendFormat, refId) => ({
  datasource: { type: "prometheus", uid: "$datasource" },
  expr,
  legendFormat,
  refId,
  range: true,
});

function panel({
  title,
  description,
  type = "timeseries",
  at,
  unit = "short",
  targets,
  options = {},
  custom = {},
  defaults = {},
  overrides = [],
}) {
  const [x, y, w, h] = at;
  return {
    id: nextId++,
    type,
    title,
    description,
    datasource: { type: "prometheus", uid: "$datasource" },
    gridPos: { x, y, w, h },
    targets: targets.map(([expr, legend], index) => target(expr, legend, String.fromCharCode(65 + index))),
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...defaults,
        ...(type === "timeseries"
          ? {
              custom: {
                drawStyle: "line",
                lineWidth: 1.5,
                fillOpacity: 8,
                showPoints: "never",
                spanNulls: 60_000,
                ...custom,
              },
            }
          : {}),
      },
      overrides,
    },
    options: {
      ...(type === "timeseries"
        ? { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } }
        : { reduceOptions: { calcs: ["lastNotNull"] }, colorMode: "value", graphMode: "area" }),
      ...options,
    },
  };
}

const colour = (name, value) => ({
  matcher: { id: "byName", options: name },
  properties: [{ id: "color", value: { mode: "fixed", fixedColor: value } }],
});
const thresholds = (...steps) => ({
  thresholds: { mode: "absolute", steps: steps.map(([value, color]) => ({ value, color })) },
  color: { mode: "thresholds" },
});
const row = (title, y) => ({
  id: nextId++,
  type: "row",
  title,
  collapsed: false,
  gridPos: { x: 0, y, w: 24, h: 1 },
  panels: [],
});

const at = GRAFANA;
const stacked = { stacking: { mode: "normal" }, fillOpacity: 60, lineWidth: 0 };
const panels = [
  row("Now", 0),
  panel({
    title: "In use",
    description: "Used connections as a share of what the pool may open.",
    type: "gauge",
    at: [0, 1, 6, 6],
    unit: "percentunit",
    targets: [[`${used(POOL, at)} / ${limit(POOL, at)}`, `{{${POOL}}}`]],
    defaults: { max: 1, ...thresholds([null, "green"], [0.8, "orange"], [0.95, "red"]) },
  }),
  panel({
    title: "Waiting callers",
    description: "Callers that have asked for a connection and do not have one yet.",
    type: "stat",
    at: [6, 1, 6, 6],
    targets: [[state("db_client_connection_pending_requests", POOL, at), `{{${POOL}}}`]],
    defaults: thresholds([null, "green"], [1, "orange"], [10, "red"]),
  }),
  panel({
    title: "Reused",
    description: "Share of acquires that got a connection which was open before.",
    type: "stat",
    at: [12, 1, 6, 6],
    unit: "percentunit",
    targets: [[`1 - ${newShare(POOL, at)}`, `{{${POOL}}}`]],
    defaults: { max: 1, ...thresholds([null, "red"], [0.8, "orange"], [0.95, "green"]) },
  }),
  panel({
    title: "Timeouts",
    description: "Requests in the last hour that ended without a connection.",
    type: "stat",
    at: [18, 1, 6, 6],
    targets: [
      [
        `sum by (${POOL}) (increase(db_client_connection_timeouts_total${labels(at.selector)}[1h]))`,
        `{{${POOL}}}`,
      ],
    ],
    defaults: thresholds([null, "green"], [1, "red"]),
  }),
  row("Pool", 7),
  panel({
    title: "Connections",
    description: "By state, under the most that the pool may open.",
    at: [0, 8, 12, 8],
    targets: [
      [
        state("db_client_connection_count", `${POOL}, db_client_connection_state`, at),
        `{{${POOL}}} {{db_client_connection_state}}`,
      ],
      [limit(POOL, at), `{{${POOL}}} limit`],
    ],
  }),
  panel({
    title: "Waiting callers",
    description: "Above zero for long means that the pool is too small or its connections are held too long.",
    at: [12, 8, 12, 8],
    targets: [[state("db_client_connection_pending_requests", POOL, at), `{{${POOL}}}`]],
  }),
  panel({
    title: "Wait for a connection",
    description: "From the request to the connection.",
    at: [0, 16, 12, 8],
    unit: "s",
    targets: [
      [quantile(0.99, "db_client_connection_wait_time", POOL, at), `{{${POOL}}} p99`],
      [quantile(0.5, "db_client_connection_wait_time", POOL, at), `{{${POOL}}} p50`],
    ],
  }),
  panel({
    title: "Acquires by source",
    description: "idle: found free; queued: released by another caller; new: opened for it.",
    at: [12, 16, 12, 8],
    unit: "ops",
    custom: stacked,
    targets: [
      [
        perSecond("rockpool_connection_acquires_total", "rockpool_acquire_source", at),
        "{{rockpool_acquire_source}}",
      ],
    ],
    overrides: [colour("idle", "green"), colour("queued", "orange"), colour("new", "blue")],
  }),
  panel({
    title: "Hold time",
    description: "From the connection to its release.",
    at: [0, 24, 12, 8],
    unit: "s",
    targets: [
      [quantile(0.99, "db_client_connection_use_time", POOL, at), `{{${POOL}}} p99`],
      [quantile(0.5, "db_client_connection_use_time", POOL, at), `{{${POOL}}} p50`],
    ],
  }),
  panel({
    title: "Opening a connection",
    description: "How long a connect takes, TLS and authentication included.",
    at: [12, 24, 12, 8],
    unit: "s",
    targets: [
      [quantile(0.99, "db_client_connection_create_time", POOL, at), `{{${POOL}}} p99`],
      [quantile(0.5, "db_client_connection_create_time", POOL, at), `{{${POOL}}} p50`],
    ],
  }),
  panel({
    title: "Closed by reason",
    description:
      "broken and validation point at the network or the server, idle and lifetime are housekeeping.",
    at: [0, 32, 12, 8],
    unit: "ops",
    custom: stacked,
    targets: [
      [
        perSecond("rockpool_connection_closed_total", "rockpool_close_reason", at),
        "{{rockpool_close_reason}}",
      ],
    ],
  }),
  panel({
    title: "Uses of a connection",
    description: "How often a connection had been used when it was closed; 1 is a pool that reuses nothing.",
    at: [12, 32, 12, 8],
    targets: [
      [
        `histogram_quantile(0.5, sum by (${POOL}, le) (rate(rockpool_connection_uses_bucket${labels(at.selector)}[${at.window}])))`,
        `{{${POOL}}} median`,
      ],
    ],
  }),
  row("Queries", 40),
  panel({
    title: "Queries",
    description: "Operations a second.",
    at: [0, 41, 8, 8],
    unit: "ops",
    targets: [[queries("db_namespace", at), "{{db_namespace}}"]],
  }),
  panel({
    title: "Duration",
    description: "As the caller sees it, the wait for a connection not included.",
    at: [8, 41, 8, 8],
    unit: "s",
    targets: [
      [
        quantile(0.99, "db_client_operation_duration", "db_namespace", { ...at, selector: at.job }),
        "{{db_namespace}} p99",
      ],
      [
        quantile(0.5, "db_client_operation_duration", "db_namespace", { ...at, selector: at.job }),
        "{{db_namespace}} p50",
      ],
    ],
  }),
  panel({
    title: "Errors",
    description: "By SQLSTATE, or by the kind of failure.",
    at: [16, 41, 8, 8],
    unit: "ops",
    custom: stacked,
    targets: [[queries("error_type", at, 'error_type!=""'), "{{error_type}}"]],
  }),
];

const variable = (name, label, query) => ({
  name,
  label,
  type: "query",
  datasource: { type: "prometheus", uid: "$datasource" },
  query: { query, refId: name },
  definition: query,
  multi: true,
  includeAll: true,
  allValue: ".*",
  current: { text: "All", value: "$__all" },
  refresh: 2,
  sort: 1,
});

const dashboard = {
  uid: "rockpool",
  title: "Rockpool",
  description:
    "Connection pools by the OpenTelemetry database conventions. Works for the names with and without the unit suffix.",
  tags: ["postgresql", "opentelemetry"],
  schemaVersion: 39,
  version: 1,
  editable: true,
  graphTooltip: 1,
  refresh: "30s",
  time: { from: "now-1h", to: "now" },
  timezone: "browser",
  templating: {
    list: [
      { name: "datasource", label: "Data source", type: "datasource", query: "prometheus", current: {} },
      variable("job", "Job", "label_values(db_client_connection_count, job)"),
      variable("pool", "Pool", `label_values(db_client_connection_count{job=~"$job"}, ${POOL})`),
    ],
  },
  panels,
};

const by = `job, instance, ${POOL}`;
const alerts = [
  [
    "PoolSaturated",
    `${used(by, ALERTS)} / ${limit(by, ALERTS)} >= 0.95`,
    "5m",
    "warning",
    "Pool {{ $labels.db_client_connection_pool_name }} is in use to {{ $value | humanizePercentage }}",
    "Release connections sooner, or raise max. The hold time shows which of the two.",
  ],
  [
    "PoolCallersWait",
    `min_over_time((${state("db_client_connection_pending_requests", by, ALERTS)})[2m:15s]) > 0`,
    "1m",
    "warning",
    "Callers of pool {{ $labels.db_client_connection_pool_name }} wait for a connection all the time",
    "Some caller has been waiting at every moment of the last minutes: demand is above what max connections serve.",
  ],
  [
    "PoolTimeouts",
    `sum by (${by}) (increase(db_client_connection_timeouts_total[5m])) > 0`,
    "0m",
    "critical",
    "Pool {{ $labels.db_client_connection_pool_name }} turned {{ $value | humanize }} requests away",
    "They waited acquireTimeoutMillis without a connection. Look for pool.checkout spans with error.type acquire_timeout.",
  ],
  [
    "PoolWaitSlow",
    `${quantile(0.99, "db_client_connection_wait_time", by, ALERTS)} > 0.5`,
    "5m",
    "warning",
    "One in a hundred callers of pool {{ $labels.db_client_connection_pool_name }} waits {{ $value | humanizeDuration }}",
    "Look at the queued checkouts in the traces, and at what holds the connections meanwhile.",
  ],
  [
    "PoolReusesLittle",
    `${newShare(by, ALERTS)} > 0.2 and ${perSecond("rockpool_connection_acquires_total", by, ALERTS)} > 1`,
    "10m",
    "warning",
    "Pool {{ $labels.db_client_connection_pool_name }} opens a connection for {{ $value | humanizePercentage }} of its acquires",
    "idleTimeoutMillis, maxUses or maxIdle close connections that are needed again, or the server ends them.",
  ],
  [
    "PoolConnectionsBreak",
    `sum by (${by}) (increase(rockpool_connection_closed_total{rockpool_close_reason=~"broken|validation"}[5m])) > 3`,
    "0m",
    "warning",
    "Pool {{ $labels.db_client_connection_pool_name }} lost {{ $value | humanize }} connections",
    "The network, a proxy or the server ends connections. The discarded checkouts in the traces say which SQLSTATE.",
  ],
  [
    "PoolConnectSlow",
    `${quantile(0.99, "db_client_connection_create_time", by, ALERTS)} > 1`,
    "5m",
    "warning",
    "Opening a connection for pool {{ $labels.db_client_connection_pool_name }} takes {{ $value | humanizeDuration }}",
    "The server, DNS, TLS or authentication is slow. Callers that need a new connection wait as long.",
  ],
  [
    "QueriesFail",
    `${queries("job, instance, db_namespace", ALERTS, 'error_type!=""')} / ${queries("job, instance, db_namespace", ALERTS)} > 0.05`,
    "5m",
    "warning",
    "{{ $value | humanizePercentage }} of the queries on {{ $labels.db_namespace }} fail",
    "The errors by SQLSTATE are on the dashboard.",
  ],
];

const rules = alerts.map(
  ([alert, expr, wait, severity, summary, description]) => `      - alert: ${alert}
        expr: |-
          ${expr}
        for: ${wait}
        labels:
          severity: ${severity}
        annotations:
          summary: "${summary}"
          description: "${description}"`,
);

writeFileSync(resolve(folder, "rockpool-grafana.json"), `${JSON.stringify(dashboard, null, 2)}\n`);
writeFileSync(
  resolve(folder, "rockpool-alerts.yaml"),
  `# Alerts for connection pools by the OpenTelemetry database conventions, for both ways in which Prometheus gets to see them:
# scraped from the SDK (db_client_connection_wait_time_bucket) and received over OTLP (db_client_connection_wait_time_seconds_bucket).
groups:
  - name: rockpool
    rules:
${rules.join("\n")}
`,
);
