/**
 * Starts telemetry before the application loads: `node --import @rockpool/otel/register app.js`.
 *
 * Everything comes from the `OTEL_*` variables, and what is buffered is sent when the process ends.
 */
import { startObservability } from "./observability/start-observability.ts";

startObservability();
