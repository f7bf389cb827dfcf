const ENDPOINTS = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
  "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
  "OTEL_METRICS_EXPORTER",
  "OTEL_TRACES_EXPORTER",
];

/** Starts OpenTelemetry where the environment says where to send it; null where it does not. */
export async function startTelemetry(environment: NodeJS.ProcessEnv): Promise<AsyncDisposable | null> {
  if (!ENDPOINTS.some((name) => environment[name])) return null;
  const { startObservability } = await import("@rockpool/otel");
  // Whoever started the telemetry ends it, after the pool.
  return startObservability({ serviceName: "rockpool-playground", flushOnExit: false });
}
