import type { HistogramPoint } from "../model/metric.ts";
import type { ExponentialHistogramDataPoint, HistogramDataPoint } from "./generated/otlp_pb.ts";
import { toAttributes, toUnixMillis } from "./to-attributes.ts";

/** What both kinds of histogram say in the same words. */
export function pointBase(
  point: HistogramDataPoint | ExponentialHistogramDataPoint,
): Omit<HistogramPoint, "bounds" | "bucketCounts"> {
  return {
    attributes: toAttributes(point.attributes),
    startTimeUnixMillis: toUnixMillis(point.startTimeUnixNano),
    timeUnixMillis: toUnixMillis(point.timeUnixNano),
    count: Number(point.count),
    sum: point.sum ?? null,
    min: point.min ?? null,
    max: point.max ?? null,
  };
}
