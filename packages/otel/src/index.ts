export type { Observability } from "./observability/observability.ts";
export type { ObservabilityOptions } from "./observability/observability-options.ts";
export { startObservability } from "./observability/start-observability.ts";
export { databaseViews } from "./observability/views.ts";
export { type SqlCommenterOptions, sqlComment } from "./sql-commenter/sql-commenter.ts";
