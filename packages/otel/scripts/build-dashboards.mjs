#!/usr/bin/env node
// Writes dashboards/rockpool-grafana.json and dashboards/rockpool-alerts.yaml, so that both name each metric in the same two ways.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { alertRules } from "./dashboards/alerts.mjs";
import { dashboard } from "./dashboards/grafana.mjs";

const folder = resolve(import.meta.dirname, "../dashboards");

writeFileSync(resolve(folder, "rockpool-grafana.json"), `${JSON.stringify(dashboard, null, 2)}\n`);
writeFileSync(resolve(folder, "rockpool-alerts.yaml"), alertRules);
