import type { JsonObject } from "@bufbuild/protobuf";

/** The fields that OTLP writes as hexadecimal where protobuf's own JSON mapping has base64. */
const ID_FIELDS = new Set(["traceId", "spanId", "parentSpanId", "trace_id", "span_id", "parent_span_id"]);

/** Some senders write the names that protobuf's JSON mapping gives, though OTLP asks for the numbers. */
const ENUM_NUMBERS: Readonly<Record<string, number>> = {
  SPAN_KIND_UNSPECIFIED: 0,
  SPAN_KIND_INTERNAL: 1,
  SPAN_KIND_SERVER: 2,
  SPAN_KIND_CLIENT: 3,
  SPAN_KIND_PRODUCER: 4,
  SPAN_KIND_CONSUMER: 5,
  STATUS_CODE_UNSET: 0,
  STATUS_CODE_OK: 1,
  STATUS_CODE_ERROR: 2,
  AGGREGATION_TEMPORALITY_UNSPECIFIED: 0,
  AGGREGATION_TEMPORALITY_DELTA: 1,
  AGGREGATION_TEMPORALITY_CUMULATIVE: 2,
};

const ENUM_FIELDS = new Set(["kind", "code", "aggregationTemporality", "aggregation_temporality"]);

/**
 * Parses OTLP's JSON into what protobuf's own JSON mapping reads.
 *
 * @throws {SyntaxError} The text is not JSON, or an id is not hexadecimal.
 * @see {@link https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding}
 */
export function parseOtlpJson(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => {
    if (typeof value !== "string") return value;
    if (ID_FIELDS.has(key)) return base64FromHex(value);
    if (ENUM_FIELDS.has(key)) return ENUM_NUMBERS[value] ?? value;
    return value;
  });
}

/** Whether what was parsed can be a message. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function base64FromHex(hex: string): string {
  if (!/^(?:[0-9a-f]{2})*$/i.test(hex)) throw new SyntaxError("an id is not hexadecimal");
  return Buffer.from(hex, "hex").toString("base64");
}
