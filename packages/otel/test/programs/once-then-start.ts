import { trace } from "@opentelemetry/api";
import { startObservability } from "../../src/index.ts";

const timer = setInterval(() => {}, 1_000);
process.once("SIGTERM", () => {
  setTimeout(() => {
    trace.getTracer("test").startSpan("drained").end();
    clearInterval(timer);
  }, 100);
});
startObservability();
process.stdout.write("ready\n");
