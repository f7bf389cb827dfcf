declare module "@elastic/mockotlpserver" {
  /** One span as the receiver normalises it. */
  export interface NormalizedSpan {
    readonly name: string;
  }

  export class MockOtlpServer {
    constructor(options: {
      services: readonly string[];
      httpHostname: string;
      httpPort: number;
      onTrace: (trace: unknown) => void;
    });
    readonly httpUrl: URL | string;
    start(): Promise<void>;
    close(): Promise<void>;
  }

  export function normalizeTrace(trace: unknown): readonly NormalizedSpan[];
}
