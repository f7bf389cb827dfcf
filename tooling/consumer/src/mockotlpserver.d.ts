declare module "@elastic/mockotlpserver" {
  export interface TraceRequest {
    readonly resourceSpans: readonly {
      readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[];
    }[];
  }

  /** A real OTLP receiver; the part of it that the tests use. */
  export class MockOtlpServer {
    constructor(options: {
      services: readonly string[];
      httpHostname: string;
      httpPort: number;
      onTrace: (request: TraceRequest) => void;
    });
    readonly httpUrl: URL | string;
    start(): Promise<void>;
    close(): Promise<void>;
  }
}
