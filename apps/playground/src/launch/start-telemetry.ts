const OWN_WAYS = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
  "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
  "OTEL_METRICS_EXPORTER",
  "OTEL_TRACES_EXPORTER",
];

/** Sent so often that a person sees a burst while it lasts, and given up soon: at the end the editor is gone first. */
const INTERVALS = {
  OTEL_EXPORTER_OTLP_TIMEOUT: "1000",
  OTEL_METRIC_EXPORT_INTERVAL: "500",
  OTEL_METRIC_EXPORT_TIMEOUT: "500",
  OTEL_BSP_SCHEDULE_DELAY: "500",
};

/** What the playground needs to report to the editor; nothing where the user's environment sends telemetry elsewhere. */
export function reportToEditor(
  environment: NodeJS.ProcessEnv,
  receiverPort: number | null,
): Readonly<Record<string, string>> {
  if (receiverPort === null || OWN_WAYS.some((name) => environment[name])) return {};
  return { ...INTERVALS, OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${receiverPort}` };
}

/** Starts OpenTelemetry where the environment says where to send it; null where it does not. */
export async function startTelemetry(environment: NodeJS.ProcessEnv): Promise<AsyncDisposable | null> {
  if (!OWN_WAYS.some((name) => environment[name])) return null;
  const { startObservability } = await import("@rockpool/otel");
  // Whoever started the telemetry ends it, after the pool.
  return startObservability({ serviceName: "rockpool-playground", flushOnExit: false });
}
