declare module "@elastic/mockotlpserver" {
  /** The part of the server that the tests use. */
  export class MockOtlpServer {
    constructor(options: {
      services: ("http" | "grpc")[];
      httpHostname?: string;
      httpPort?: number;
      grpcHostname?: string;
      grpcPort?: number;
      logLevel?: string;
      onTrace?: (request: TraceRequest) => void;
      onMetrics?: (request: MetricsRequest) => void;
    });
    readonly httpUrl: URL | string | null;
    readonly grpcUrl: URL | string | null;
    start(): Promise<void>;
    close(): Promise<void>;
  }

  export interface TraceRequest {
    resourceSpans: { resource: { attributes: KeyValue[] }; scopeSpans: { spans: { name: string }[] }[] }[];
  }

  export interface MetricsRequest {
    resourceMetrics: {
      scopeMetrics: {
        metrics: { name: string; histogram?: { dataPoints: { explicitBounds: number[] }[] } }[];
      }[];
    }[];
  }

  export interface KeyValue {
    key: string;
    value: { stringValue?: string };
  }
}
