import {
  type Context,
  INVALID_SPAN_CONTEXT,
  type Span,
  type SpanOptions,
  type TimeInput,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { warnOnce } from "../warn-once.ts";

// The pool tells of each step while it takes it. A sampler or a span processor of the program's own that throws would leave a connection
// half way from one caller to the next, so what it throws goes no further.

const warn = warnOnce();

/** Starts a span; one that could not be started records nothing. */
export function startSpan(tracer: Tracer, name: string, options: SpanOptions, context: Context): Span {
  try {
    return tracer.startSpan(name, options, context);
  } catch (error) {
    warn(error);
    return trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
  }
}

/** Ends a span, at present where no time is given. */
export function endSpan(span: Span, endTime?: TimeInput): void {
  try {
    span.end(endTime);
  } catch (error) {
    warn(error);
  }
}
