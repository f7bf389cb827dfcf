// The SDK of a foreign program, sending as its exporters do.
const { OTLPMetricExporter } = require("@opentelemetry/exporter-metrics-otlp-proto");
const { OTLPTraceExporter } = require("@opentelemetry/exporter-trace-otlp-proto");
const { NodeSDK } = require("@opentelemetry/sdk-node");
const { PeriodicExportingMetricReader } = require("@opentelemetry/sdk-metrics");
const { BatchSpanProcessor } = require("@opentelemetry/sdk-trace-base");

exports.start = (instrumentations) => {
  const reader = new PeriodicExportingMetricReader({
    exporter: new OTLPMetricExporter(),
    exportIntervalMillis: 3_600_000,
  });
  const spans = new BatchSpanProcessor(new OTLPTraceExporter());
  const sdk = new NodeSDK({ metricReaders: [reader], spanProcessors: [spans], instrumentations });
  sdk.start();
  return {
    flush: () => Promise.all([reader.forceFlush(), spans.forceFlush()]),
    shutdown: () => sdk.shutdown(),
  };
};
