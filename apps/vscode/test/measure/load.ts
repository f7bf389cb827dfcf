import { seeded } from "../webview/pool-sample.ts";
import { attributesOf, type ReceivedSpan } from "./spans.ts";

const RESOURCE = attributesOf({});

/** Spans of so many connections that share so many checkouts a second, in the order in which they end. */
export class SpanLoad {
  readonly #lanes: number;
  readonly #perSecond: number;
  readonly #random = seeded(3);
  readonly #uses: number[];
  #count = 0;

  constructor(options: { lanes: number; perSecond: number }) {
    this.#lanes = options.lanes;
    this.#perSecond = options.perSecond;
    this.#uses = new Array<number>(options.lanes).fill(0);
  }

  /** How many checkouts there have been. */
  get count(): number {
    return this.#count;
  }

  /** The checkout and the query of the next moment; `at` is in milliseconds since the epoch. */
  next(begin: number): readonly ReceivedSpan[] {
    const number = this.#count;
    this.#count += 1;
    const lane = number % this.#lanes;
    const useCount = (this.#uses[lane] ?? 0) + 1;
    this.#uses[lane] = useCount;
    const at = begin + (number * 1_000) / this.#perSecond;
    const wait = this.#random() < 0.2 ? this.#random() * 8 : 0;
    const held = (this.#lanes * 1_000 * (0.2 + 0.7 * this.#random())) / this.#perSecond;
    const id = `load#${lane + 1}`;
    const pool = "load";
    const query = span(`a${number.toString(16)}`, "SELECT orders", {
      kind: "client",
      startTimeUnixMillis: at + 1,
      endTimeUnixMillis: at + held * 0.8,
      attributes: attributesOf({ "rockpool.connection.id": id }),
    });
    const checkout = span(`c${number.toString(16)}`, "pool.checkout", {
      kind: "internal",
      startTimeUnixMillis: at - wait,
      endTimeUnixMillis: at + held,
      attributes: attributesOf({
        "rockpool.connection.id": id,
        "rockpool.connection.use_count": useCount,
        "rockpool.acquire.source": wait > 0 ? "queued" : "idle",
        "rockpool.acquire.wait_time": wait / 1_000,
        "db.client.connection.pool.name": pool,
      }),
    });
    return [query, checkout];
  }
}

function span(
  spanId: string,
  name: string,
  more: Pick<ReceivedSpan, "kind" | "startTimeUnixMillis" | "endTimeUnixMillis" | "attributes">,
): ReceivedSpan {
  return {
    traceId: spanId.padStart(32, "0"),
    spanId: spanId.padStart(16, "0"),
    parentSpanId: null,
    name,
    events: [],
    links: [],
    status: "unset",
    statusMessage: "",
    scopeName: "@rockpool/core",
    resource: RESOURCE,
    ...more,
  };
}
