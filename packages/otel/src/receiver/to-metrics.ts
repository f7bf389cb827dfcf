import type {
  HistogramPoint,
  MetricData,
  NumberPoint,
  ReceivedMetric,
  Temporality,
} from "../model/metric.ts";
import { toHistogramPoint } from "./exponential-histogram.ts";
import type {
  ExportMetricsServiceRequest,
  HistogramDataPoint,
  Metric,
  NumberDataPoint,
} from "./generated/otlp_pb.ts";
import { pointBase } from "./point-base.ts";
import { toAttributes, toUnixMillis } from "./to-attributes.ts";
import type { Batch } from "./to-spans.ts";

/** `DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK`: the series has ended, and its point holds nothing. */
const NO_RECORDED_VALUE = 1;

const TEMPORALITIES: readonly Temporality[] = ["unspecified", "delta", "cumulative"];

/** Turns a metrics request into metrics; summaries, which OTLP keeps for older senders alone, are rejected. */
export function toMetrics(request: ExportMetricsServiceRequest): Batch<ReceivedMetric> {
  const items: ReceivedMetric[] = [];
  let rejected = 0;
  for (const { resource, scopeMetrics } of request.resourceMetrics) {
    const attributes = toAttributes(resource?.attributes ?? []);
    for (const { scope, metrics } of scopeMetrics) {
      for (const { name, description, unit, data } of metrics) {
        const read = toData(data);
        if (read === null || name === "") rejected += 1;
        else
          items.push({
            name,
            description,
            unit,
            data: read,
            scopeName: scope?.name ?? "",
            resource: attributes,
          });
      }
    }
  }
  return { items, rejected };
}

function toData(data: Metric["data"]): MetricData | null {
  switch (data.case) {
    case "gauge":
      return { type: "gauge", points: toNumberPoints(data.value.dataPoints) };
    case "sum":
      return {
        type: "sum",
        points: toNumberPoints(data.value.dataPoints),
        isMonotonic: data.value.isMonotonic,
        temporality: toTemporality(data.value.aggregationTemporality),
      };
    case "histogram":
      return {
        type: "histogram",
        points: data.value.dataPoints.filter(isRecorded).map(toPoint),
        temporality: toTemporality(data.value.aggregationTemporality),
      };
    case "exponentialHistogram":
      return {
        type: "histogram",
        points: data.value.dataPoints.filter(isRecorded).map(toHistogramPoint),
        temporality: toTemporality(data.value.aggregationTemporality),
      };
    case undefined:
      return null;
  }
}

function toTemporality(number: number): Temporality {
  return TEMPORALITIES[number] ?? "unspecified";
}

function isRecorded(point: { flags: number }): boolean {
  return (point.flags & NO_RECORDED_VALUE) === 0;
}

function toNumberPoints(points: readonly NumberDataPoint[]): NumberPoint[] {
  return points.filter(isRecorded).map((point) => ({
    attributes: toAttributes(point.attributes),
    startTimeUnixMillis: toUnixMillis(point.startTimeUnixNano),
    timeUnixMillis: toUnixMillis(point.timeUnixNano),
    value: Number(point.value.value ?? 0),
  }));
}

function toPoint(point: HistogramDataPoint): HistogramPoint {
  return {
    ...pointBase(point),
    bounds: point.explicitBounds,
    bucketCounts: point.bucketCounts.map(Number),
  };
}
