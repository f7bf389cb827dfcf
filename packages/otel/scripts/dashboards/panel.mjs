// The parts that every Grafana panel is made of.
let nextId = 1;
const target = (expr, legendFormat, refId) => ({
  datasource: { type: "prometheus", uid: "$datasource" },
  expr,
  legendFormat,
  refId,
  range: true,
});

export function panel({
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

export const colour = (name, value) => ({
  matcher: { id: "byName", options: name },
  properties: [{ id: "color", value: { mode: "fixed", fixedColor: value } }],
});
export const thresholds = (...steps) => ({
  thresholds: { mode: "absolute", steps: steps.map(([value, color]) => ({ value, color })) },
  color: { mode: "thresholds" },
});
export const row = (title, y) => ({
  id: nextId++,
  type: "row",
  title,
  collapsed: false,
  gridPos: { x: 0, y, w: 24, h: 1 },
  panels: [],
});
