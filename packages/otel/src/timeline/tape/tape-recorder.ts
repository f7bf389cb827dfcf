import { textOf } from "../../model/attributes.ts";
import type { ReceivedSpan } from "../../model/span.ts";
import { failureOf } from "../failure-of.ts";
import { fromSdkSpan, type SdkSpan } from "../from-sdk-span.ts";
import * as names from "../names.ts";
import { isOfConnection, OpenCheckouts } from "../open-checkouts.ts";
import { senderOf } from "../sender.ts";
import { CallerNames } from "./caller-names.ts";
import type { HeldUse } from "./tape-model.ts";
import type { TimelineTape } from "./timeline-tape.ts";

const MAX_OPEN_CHECKOUTS = 1_000;
/** Twenty seconds of five hundred requests: a suspected leak is told of later than its caller. */
const MAX_CALLERS = 10_000;

/**
 * Writes spans to a tape as they come. It is a span processor for the SDK of this process, and takes spans of other processes by `add`.
 *
 * @example
 * const recorder = new TapeRecorder(new TimelineTape());
 * receiver.onSpans((spans) => recorder.add(spans));
 */
export class TapeRecorder {
  readonly tape: TimelineTape;
  readonly #open = new OpenCheckouts(MAX_OPEN_CHECKOUTS);
  readonly #callers = new CallerNames(MAX_CALLERS);

  constructor(tape: TimelineTape) {
    this.tape = tape;
  }

  /** Takes finished spans; those that tell nothing of a connection may name its caller. */
  add(spans: Iterable<ReceivedSpan>): void {
    for (const span of spans) this.#take(span);
  }

  /** The uses that are known not to have ended: those of this process, and suspected leaks of others. */
  held(): readonly HeldUse[] {
    const own = this.#open.all.flatMap((open) => {
      const span = fromSdkSpan(open);
      return this.tape.held(span, senderOf(span.resource)) ?? [];
    });
    const lanes = new Set(own.map(({ lane }) => lane));
    return [...own, ...this.tape.leaks().filter(({ lane }) => !lanes.has(lane))];
  }

  /** What the process of a lane was asked for in a trace, such as `GET /orders`; null where it is not or no longer known. */
  callerOf(traceId: string, lane: { readonly senderKey: string }): string | null {
    return this.#callers.nameOf(traceId, lane.senderKey);
  }

  /** For the SDK: a checkout that has begun is held once it has its connection. */
  onStart(span: SdkSpan): void {
    this.#open.start(span);
  }

  /** For the SDK: a span has ended. */
  onEnd(span: SdkSpan): void {
    this.#open.end(span);
    if (isOfConnection(span.name, span.attributes)) this.#take(fromSdkSpan(span));
  }

  /** For the SDK: nothing waits to be sent. */
  async forceFlush(): Promise<void> {}

  /** For the SDK: what was recorded stays. */
  async shutdown(): Promise<void> {
    this.#open.clear();
  }

  #take(span: ReceivedSpan): void {
    const connectionId = textOf(span.attributes, names.CONNECTION_ID);
    if (connectionId !== null) this.tape.add(span, { connectionId, sender: senderOf(span.resource) });
    else if (span.name !== names.SPAN_CHECKOUT) this.#callers.add(span);
    else if (failureOf(span) !== null) this.tape.addFailed(span, senderOf(span.resource));
  }
}
