export type { Attributes, AttributeValue } from "../model/attributes.ts";
export type {
  HistogramPoint,
  MetricData,
  NumberPoint,
  ReceivedMetric,
  Temporality,
} from "../model/metric.ts";
export type { ReceivedSpan, SpanEvent, SpanKind, SpanLink, SpanStatus } from "../model/span.ts";
export type { BatchListener } from "./listeners.ts";
export { OtlpReceiver, type OtlpReceiverStats } from "./otlp-receiver.ts";
export { ReceiverError, type ReceiverErrorCode } from "./receiver-error.ts";
export type { LoopbackHost, OtlpReceiverOptions } from "./receiver-options.ts";
