import type { SdkSpan } from "./from-sdk-span.ts";
import * as names from "./names.ts";

/** The checkouts of this process that have not ended. */
export class OpenCheckouts {
  readonly #limit: number;
  readonly #spans = new Map<string, SdkSpan>();

  /** @param limit - beyond it a further one is not known while it is held. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get all(): readonly SdkSpan[] {
    return [...this.#spans.values()];
  }

  start(span: SdkSpan): void {
    if (span.name !== names.SPAN_CHECKOUT || this.#spans.size >= this.#limit) return;
    this.#spans.set(span.spanContext().spanId, span);
  }

  end(span: SdkSpan): void {
    this.#spans.delete(span.spanContext().spanId);
  }

  clear(): void {
    this.#spans.clear();
  }
}

/** Whether a span tells of a connection, or of a request for one. */
export function isOfConnection(name: string, attributes: Readonly<Record<string, unknown>>): boolean {
  return name === names.SPAN_CHECKOUT || attributes[names.CONNECTION_ID] !== undefined;
}
