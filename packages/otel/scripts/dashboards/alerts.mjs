// The alerts: name, condition, how long it holds, severity, what it says, what to look at.
import { ALERTS, limit, newShare, POOL, perSecond, quantile, queries, state, used } from "./queries.mjs";

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
    "idleTimeoutMillis, maxLifetimeMillis or maxUses close connections that are needed again, or the server ends them.",
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

export const alertRules = `# Alerts for connection pools by the OpenTelemetry database conventions, for both ways in which Prometheus gets to see them:
# scraped from the SDK (db_client_connection_wait_time_bucket) and received over OTLP (db_client_connection_wait_time_seconds_bucket).
groups:
  - name: rockpool
    rules:
${rules.join("\n")}
`;
