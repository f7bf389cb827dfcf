import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const ALERTS = new URL("../dashboards/rockpool-alerts.yaml", import.meta.url);
const DASHBOARD = new URL("../dashboards/rockpool-grafana.json", import.meta.url);

/** As Prometheus spells the metrics that core makes; those in seconds come in two spellings. */
const TIMES = [
  "db_client_operation_duration",
  "db_client_connection_wait_time",
  "db_client_connection_use_time",
  "db_client_connection_create_time",
];
const OTHERS = [
  "db_client_connection_count",
  "db_client_connection_limit",
  "db_client_connection_max",
  "db_client_connection_pending_requests",
  "db_client_connection_timeouts_total",
  "rockpool_connection_acquires_total",
  "rockpool_connection_closed_total",
  "rockpool_connection_uses_bucket",
];
const LABELS = ["db_client_connection_pool_name", "db_client_connection_state", "db_namespace"];

async function expressions(): Promise<string[]> {
  const alerts = [...(await readFile(ALERTS, "utf8")).matchAll(/expr: \|-\n\s+(.+)/g)].map(
    (match) => match[1] ?? "",
  );
  const dashboard: { panels: { targets?: { expr: string }[] }[] } = JSON.parse(
    await readFile(DASHBOARD, "utf8"),
  );
  return [
    ...alerts,
    ...dashboard.panels.flatMap((panel) => (panel.targets ?? []).map((target) => target.expr)),
  ];
}

test("every name in the dashboard and the alerts is one that core reports", async () => {
  const known = new Set([
    ...OTHERS,
    ...LABELS,
    ...TIMES.flatMap((name) =>
      ["", "_seconds"].flatMap((unit) => [`${name}${unit}_bucket`, `${name}${unit}_count`]),
    ),
  ]);
  const used = (await expressions()).flatMap((expr) => expr.match(/\b(?:db|rockpool)_\w+/g) ?? []);
  const unknown = used.filter(
    (name) => !known.has(name) && !/^rockpool_(?:acquire_source|close_reason)$/.test(name),
  );
  expect(unknown).toEqual([]);
});

test("wherever a time is read, both spellings of it are", async () => {
  for (const expr of await expressions()) {
    for (const name of TIMES) {
      const plain = expr.split(new RegExp(`\\b${name}_(?:bucket|count)`)).length;
      const withUnit = expr.split(new RegExp(`\\b${name}_seconds_(?:bucket|count)`)).length;
      expect(withUnit, expr).toBe(plain);
    }
  }
});

test("every panel and every alert says what it shows", async () => {
  const dashboard: { panels: { type: string; title: string; description?: string }[] } = JSON.parse(
    await readFile(DASHBOARD, "utf8"),
  );
  for (const panel of dashboard.panels) {
    if (panel.type !== "row") expect(panel.description, panel.title).toMatch(/\.$/);
  }
  const alerts = await readFile(ALERTS, "utf8");
  expect(alerts.match(/- alert:/g)).toHaveLength(8);
  expect(alerts.match(/ summary: "/g)).toHaveLength(8);
  expect(alerts.match(/ description: "/g)).toHaveLength(8);
});
