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
export { type Sender, senderOf } from "./sender.ts";
export { summarise, type TimelineSummary } from "./summarise.ts";
export { hexOfWords } from "./tape/hex-words.ts";
export { IntervalTrack } from "./tape/interval-track.ts";
export {
  BUSY,
  FAILED,
  type HeldUse,
  STATEMENT,
  TAPE_WIDTHS,
  type TapeClosing,
  type TapeEntry,
  type TapeKind,
  type TapeLane,
  type TapeListener,
  type TapeOpening,
  TRANSACTION,
  USE,
  USE_FLAGS,
} from "./tape/tape-model.ts";
export { TapeRecorder } from "./tape/tape-recorder.ts";
export { snapshotOfTape, type TapeSnapshotOptions } from "./tape/tape-snapshot.ts";
export { TimelineTape, type TimelineTapeOptions } from "./tape/timeline-tape.ts";
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
