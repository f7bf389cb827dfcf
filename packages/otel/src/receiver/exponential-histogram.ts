import type { HistogramPoint } from "../model/metric.ts";
import type { ExponentialHistogramDataPoint } from "./generated/otlp_pb.ts";
import { pointBase } from "./point-base.ts";

/**
 * Turns an exponential histogram into one with explicit bounds. Bucket `i` holds what lies above `base ** i` and not above
 * `base ** (i + 1)`, where `base` is `2 ** (2 ** -scale)`; what is zero or negative goes to the first bucket.
 *
 * @see {@link https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram}
 */
export function toHistogramPoint(point: ExponentialHistogramDataPoint): HistogramPoint {
  const offset = point.positive?.offset ?? 0;
  const counts = point.positive?.bucketCounts.map(Number) ?? [];
  const base = 2 ** (2 ** -point.scale);
  const below = Number(point.zeroCount) + sum(point.negative?.bucketCounts.map(Number) ?? []);
  return {
    ...pointBase(point),
    bounds: [...counts, null].map((_, index) => base ** (offset + index)),
    bucketCounts: [below, ...counts, 0],
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
