// The Grafana dashboard.
import { colour, panel, row, thresholds } from "./panel.mjs";
import {
  GRAFANA,
  labels,
  limit,
  newShare,
  POOL,
  perSecond,
  quantile,
  queries,
  state,
  used,
} from "./queries.mjs";

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

export const dashboard = {
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
