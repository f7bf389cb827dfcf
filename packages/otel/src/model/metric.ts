import type { Attributes } from "./attributes.ts";

/** Whether a point tells the change since the last one, or since its start. */
export type Temporality = "delta" | "cumulative" | "unspecified";

/** One number of a gauge or a sum. */
export interface NumberPoint {
  readonly attributes: Attributes;
  readonly startTimeUnixMillis: number;
  readonly timeUnixMillis: number;
  readonly value: number;
}

/** A distribution; exponential histograms arrive with the bounds that their scale stands for. */
export interface HistogramPoint {
  readonly attributes: Attributes;
  readonly startTimeUnixMillis: number;
  readonly timeUnixMillis: number;
  readonly count: number;
  readonly sum: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** Upper bounds of all buckets but the last, ascending. */
  readonly bounds: readonly number[];
  /** One count more than there are bounds; empty where the sender keeps no buckets. */
  readonly bucketCounts: readonly number[];
}

/** What one metric measured. */
export type MetricData =
  | { readonly type: "gauge"; readonly points: readonly NumberPoint[] }
  | {
      readonly type: "sum";
      readonly points: readonly NumberPoint[];
      readonly isMonotonic: boolean;
      readonly temporality: Temporality;
    }
  | {
      readonly type: "histogram";
      readonly points: readonly HistogramPoint[];
      readonly temporality: Temporality;
    };

/** One metric of one collection. */
export interface ReceivedMetric {
  readonly name: string;
  readonly description: string;
  /** In UCUM, such as `s` or `{connection}`. */
  readonly unit: string;
  readonly data: MetricData;
  readonly scopeName: string;
  /** Who sent it; one object for all metrics of a batch. */
  readonly resource: Attributes;
}
