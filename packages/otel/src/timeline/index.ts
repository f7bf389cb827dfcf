export type { Attributes, AttributeValue } from "../model/attributes.ts";
export type {
  HistogramPoint,
  MetricData,
  NumberPoint,
  ReceivedMetric,
  Temporality,
} from "../model/metric.ts";
export type { ReceivedSpan, SpanEvent, SpanKind, SpanLink, SpanStatus } from "../model/span.ts";
export { renderTimelinePage, type TimelinePageOptions } from "../page/render-timeline-page.ts";
export { PoolMetrics, type PoolMetricsOptions } from "../pool-metrics/pool-metrics.ts";
export type { PoolNumbers } from "../pool-metrics/pool-numbers.ts";
export { percentileMillis, type TimeDistribution } from "../pool-metrics/time-distribution.ts";
export type { SdkSpan } from "./from-sdk-span.ts";
export { ReuseTimeline, type ReuseTimelineOptions } from "./reuse-timeline.ts";
export { summarise, type TimelineSummary } from "./summarise.ts";
export type {
  CheckoutSource,
  FailedAcquire,
  LaneClosing,
  LaneOpening,
  Period,
  SpanReference,
  TimelineCheckout,
  TimelineLane,
  TimelineLeak,
  TimelineQuery,
  TimelineSnapshot,
  TimelineTransaction,
} from "./timeline-model.ts";
