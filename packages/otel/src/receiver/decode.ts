import { type DescMessage, fromBinary, fromJson, type MessageShape } from "@bufbuild/protobuf";
import type { ReceivedMetric } from "../model/metric.ts";
import type { ReceivedSpan } from "../model/span.ts";
import { ExportMetricsServiceRequestSchema, ExportTraceServiceRequestSchema } from "./generated/otlp_pb.ts";
import { HttpError } from "./http-error.ts";
import { isJsonObject, parseOtlpJson } from "./otlp-json.ts";
import type { Encoding } from "./request-guard.ts";
import { toMetrics } from "./to-metrics.ts";
import { type Batch, toSpans } from "./to-spans.ts";

/**
 * Reads the body of a trace request.
 *
 * @throws {HttpError} 400, the body is not an `ExportTraceServiceRequest`.
 */
export function decodeTraces(body: Uint8Array, encoding: Encoding): Batch<ReceivedSpan> {
  return toSpans(decode(ExportTraceServiceRequestSchema, body, encoding));
}

/**
 * Reads the body of a metrics request.
 *
 * @throws {HttpError} 400, the body is not an `ExportMetricsServiceRequest`.
 */
export function decodeMetrics(body: Uint8Array, encoding: Encoding): Batch<ReceivedMetric> {
  return toMetrics(decode(ExportMetricsServiceRequestSchema, body, encoding));
}

function decode<S extends DescMessage>(schema: S, body: Uint8Array, encoding: Encoding): MessageShape<S> {
  try {
    if (encoding === "protobuf") return fromBinary(schema, body, { readUnknownFields: false });
    const json = parseOtlpJson(new TextDecoder("utf-8", { fatal: true }).decode(body));
    if (!isJsonObject(json)) throw new SyntaxError("the body is not an object");
    return fromJson(schema, json, { ignoreUnknownFields: true });
  } catch (error) {
    // The decoder's own words quote what it met, which can be anything that was sent.
    throw new HttpError(400, `the body is not a valid ${schema.name} in ${encoding}`, {}, { cause: error });
  }
}
