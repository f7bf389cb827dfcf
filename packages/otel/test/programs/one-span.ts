import { metrics, trace } from "@opentelemetry/api";

// Telemetry is started by --import: this program only makes some, and then behaves as its argument says.
trace.getTracer("test").startSpan("work").end();
metrics.getMeter("test").createCounter("jobs").add(1);

switch (process.argv[2]) {
  case "wait":
    setInterval(() => {}, 1_000);
    break;
  case "own-handler":
    process.on("SIGTERM", () => {
      trace.getTracer("test").startSpan("drained").end();
      clearInterval(timer);
    });
    break;
  default:
    break;
}
const timer = process.argv[2] === "own-handler" ? setInterval(() => {}, 1_000) : undefined;
process.stdout.write("ready\n");
