// The queries of dashboard and alerts. Each names a metric as both ways to Prometheus spell it.
export const POOL = "db_client_connection_pool_name";
export const GRAFANA = {
  selector: `job=~"$job", ${POOL}=~"$pool"`,
  job: `job=~"$job"`,
  window: "$__rate_interval",
};
export const ALERTS = { selector: "", job: "", window: "5m" };

export const labels = (...parts) => {
  const given = parts.filter(Boolean).join(", ");
  return given === "" ? "" : `{${given}}`;
};

/** A histogram in seconds: the exporters name it without its unit, the way over OTLP with it. */
const timeBuckets = (name, by, at) =>
  ["", "_seconds"]
    .map((unit) => `sum by (${by}) (rate(${name}${unit}_bucket${labels(at.selector)}[${at.window}]))`)
    .join(" or ");
export const quantile = (share, name, by, at) =>
  `histogram_quantile(${share}, ${timeBuckets(name, `${by}, le`, at)})`;
export const perSecond = (name, by, at, extra = "") =>
  `sum by (${by}) (rate(${name}${labels(at.selector, extra)}[${at.window}]))`;
export const state = (name, by, at, extra = "") => `sum by (${by}) (${name}${labels(at.selector, extra)})`;

/** The conventions renamed it in version 1.45. */
export const limit = (by, at) =>
  `(${state("db_client_connection_limit", by, at)} or ${state("db_client_connection_max", by, at)})`;
export const used = (by, at) =>
  state("db_client_connection_count", by, at, 'db_client_connection_state="used"');
export const queries = (by, at, extra = "") =>
  `(${["", "_seconds"].map((unit) => `sum by (${by}) (rate(db_client_operation_duration${unit}_count${labels(at.job, extra)}[${at.window}]))`).join(" or ")})`;
export const newShare = (by, at) =>
  `(${perSecond("rockpool_connection_acquires_total", by, at, 'rockpool_acquire_source="new"')} or 0 * ${perSecond("rockpool_connection_acquires_total", by, at)}) / ${perSecond("rockpool_connection_acquires_total", by, at)}`;
