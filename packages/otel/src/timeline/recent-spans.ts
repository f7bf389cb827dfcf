import type { ReceivedSpan } from "../model/span.ts";

/** Keeps the spans that began last, each once, whatever order they arrive in. */
export class RecentSpans {
  readonly #limit: number;
  #byId = new Map<string, ReceivedSpan>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(span: ReceivedSpan): void {
    this.#byId.set(span.spanId, span);
    // A quarter of slack makes sorting cheap on average; what is cut can never be among the newest again.
    if (this.#byId.size >= 1.25 * this.#limit) this.#trim();
  }

  /** Oldest first. */
  toArray(): readonly ReceivedSpan[] {
    this.#trim();
    return [...this.#byId.values()].sort(byStart);
  }

  #trim(): void {
    if (this.#byId.size <= this.#limit) return;
    const newest = [...this.#byId].sort(([, a], [, b]) => byStart(a, b)).slice(-this.#limit);
    this.#byId = new Map(newest);
  }
}

/** A total order, so that no order of arrival shows through. */
export function byStart(a: ReceivedSpan, b: ReceivedSpan): number {
  return a.startTimeUnixMillis - b.startTimeUnixMillis || compareText(a.spanId, b.spanId);
}

/** By code units, the same on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
