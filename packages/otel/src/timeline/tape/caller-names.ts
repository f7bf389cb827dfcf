import type { ReceivedSpan } from "../../model/span.ts";
import { senderOf } from "../sender.ts";

/** What the callers of recent traces are called: by the request or the message that their process serves, or by the root of the trace. */
export class CallerNames {
  readonly #limit: number;
  readonly #names = new Map<string, string>();

  /** @param limit - how many traces are known; beyond it the oldest goes. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a span that is none of a connection. */
  add(span: ReceivedSpan): void {
    const isEntry = span.kind === "server" || span.kind === "consumer";
    if (!isEntry && span.parentSpanId !== null) return;
    const key = keyOf(span.traceId, senderOf(span.resource).key);
    if (!isEntry && this.#names.has(key)) return;
    this.#names.set(key, span.name);
    for (const oldest of this.#names.keys()) {
      if (this.#names.size <= this.#limit) return;
      this.#names.delete(oldest);
    }
  }

  /** Null where no span has told of it. */
  nameOf(traceId: string, senderKey: string): string | null {
    return this.#names.get(keyOf(traceId, senderKey)) ?? null;
  }
}

/** One trace can pass through several processes, each of which has a caller of its own. */
function keyOf(traceId: string, senderKey: string): string {
  return `${traceId} ${senderKey}`;
}
