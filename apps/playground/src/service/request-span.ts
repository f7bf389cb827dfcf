import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Route } from "./routes.ts";

/**
 * Answers a request within a span of its own, so that a trace tells which request held a connection.
 *
 * @see {@link https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-server}
 */
export function inRequestSpan<A extends { readonly status: number }>(
  { method, path }: Pick<Route, "method" | "path">,
  url: URL,
  answer: () => Promise<A>,
): Promise<A> {
  const attributes = {
    "http.request.method": method,
    "http.route": path,
    "url.path": url.pathname,
    "url.scheme": "http",
  };
  const tracer = trace.getTracer("@rockpool/playground");
  return tracer.startActiveSpan(`${method} ${path}`, { kind: SpanKind.SERVER, attributes }, async (span) => {
    try {
      const answered = await answer();
      span.setAttribute("http.response.status_code", answered.status);
      if (answered.status >= 500) {
        span.setAttribute("error.type", `${answered.status}`).setStatus({ code: SpanStatusCode.ERROR });
      }
      return answered;
    } finally {
      span.end();
    }
  });
}
