import type { Attributes } from "../model/attributes.ts";
import type { ReceivedSpan, SpanKind, SpanLink, SpanStatus } from "../model/span.ts";
import type { ExportTraceServiceRequest, Span } from "./generated/otlp_pb.ts";
import { toAttributes, toUnixMillis } from "./to-attributes.ts";

/** What a batch held: what could be read, and how much could not. */
export interface Batch<T> {
  readonly items: readonly T[];
  readonly rejected: number;
}

const KINDS: readonly SpanKind[] = ["unspecified", "internal", "server", "client", "producer", "consumer"];
const STATUSES: readonly SpanStatus[] = ["unset", "ok", "error"];

/** Turns a trace request into spans; a span without valid ids is rejected, as the specification has it. */
export function toSpans(request: ExportTraceServiceRequest): Batch<ReceivedSpan> {
  const items: ReceivedSpan[] = [];
  let rejected = 0;
  for (const { resource, scopeSpans } of request.resourceSpans) {
    const attributes = toAttributes(resource?.attributes ?? []);
    for (const { scope, spans } of scopeSpans) {
      for (const span of spans) {
        if (isId(span.traceId, 16) && isId(span.spanId, 8))
          items.push(toSpan(span, scope?.name ?? "", attributes));
        else rejected += 1;
      }
    }
  }
  return { items, rejected };
}

function toSpan(span: Span, scopeName: string, resource: Attributes): ReceivedSpan {
  return {
    traceId: hex(span.traceId),
    spanId: hex(span.spanId),
    parentSpanId: isId(span.parentSpanId, 8) ? hex(span.parentSpanId) : null,
    name: span.name,
    kind: KINDS[span.kind] ?? "unspecified",
    startTimeUnixMillis: toUnixMillis(span.startTimeUnixNano),
    endTimeUnixMillis: toUnixMillis(span.endTimeUnixNano),
    attributes: toAttributes(span.attributes),
    events: span.events.map((event) => ({
      name: event.name,
      timeUnixMillis: toUnixMillis(event.timeUnixNano),
      attributes: toAttributes(event.attributes),
    })),
    links: toLinks(span),
    status: STATUSES[span.status?.code ?? 0] ?? "unset",
    statusMessage: span.status?.message ?? "",
    scopeName,
    resource,
  };
}

function toLinks(span: Span): SpanLink[] {
  return span.links
    .filter((link) => isId(link.traceId, 16) && isId(link.spanId, 8))
    .map((link) => ({
      traceId: hex(link.traceId),
      spanId: hex(link.spanId),
      attributes: toAttributes(link.attributes),
    }));
}

function isId(bytes: Uint8Array, length: number): boolean {
  return bytes.length === length && bytes.some((byte) => byte !== 0);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}
