import { MockOtlpServer } from "@elastic/mockotlpserver";

/** What has reached a collector so far. */
export interface Collector extends AsyncDisposable {
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly spanNames: string[];
  readonly serviceNames: string[];
  readonly sdkVersions: string[];
  /** Names of metrics with the bounds of their buckets, where they have any. */
  readonly metrics: Map<string, number[]>;
}

/** Starts a real OTLP receiver for HTTP and gRPC on free ports. */
export async function startCollector(): Promise<Collector> {
  const spanNames: string[] = [];
  const serviceNames: string[] = [];
  const sdkVersions: string[] = [];
  const metrics = new Map<string, number[]>();
  const server = new MockOtlpServer({
    services: ["http", "grpc"],
    httpHostname: "127.0.0.1",
    grpcHostname: "127.0.0.1",
    httpPort: 0,
    grpcPort: 0,
    logLevel: "warn",
    onTrace: ({ resourceSpans }) => {
      for (const { resource, scopeSpans } of resourceSpans) {
        for (const { key, value } of resource.attributes) {
          if (key === "service.name") serviceNames.push(value.stringValue ?? "");
          if (key === "telemetry.sdk.version") sdkVersions.push(value.stringValue ?? "");
        }
        spanNames.push(...scopeSpans.flatMap(({ spans }) => spans.map((span) => span.name)));
      }
    },
    onMetrics: ({ resourceMetrics }) => {
      for (const metric of resourceMetrics.flatMap(({ scopeMetrics }) =>
        scopeMetrics.flatMap((scope) => scope.metrics),
      )) {
        metrics.set(metric.name, metric.histogram?.dataPoints[0]?.explicitBounds ?? []);
      }
    },
  });
  await server.start();
  return {
    httpUrl: String(server.httpUrl).replace(/\/$/, ""),
    grpcUrl: String(server.grpcUrl),
    spanNames,
    serviceNames,
    sdkVersions,
    metrics,
    [Symbol.asyncDispose]: async () => await server.close(),
  };
}
