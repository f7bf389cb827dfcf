import type { IncomingMessage, ServerResponse } from "node:http";
import type { ReceivedMetric } from "../model/metric.ts";
import type { ReceivedSpan } from "../model/span.ts";
import { Admission } from "./admission.ts";
import { BoundedBuffer } from "./bounded-buffer.ts";
import { decodeMetrics, decodeTraces } from "./decode.ts";
import { HttpError } from "./http-error.ts";
import { type BatchListener, Listeners } from "./listeners.ts";
import { LoopbackServer } from "./loopback-server.ts";
import { readBody } from "./read-body.ts";
import {
  type OtlpReceiverOptions,
  type OtlpReceiverSettings,
  resolveReceiverOptions,
} from "./receiver-options.ts";
import { type AcceptedRequest, acceptRequest, type Encoding } from "./request-guard.ts";
import { type PartialSuccess, respondAccepted, respondRefused } from "./respond.ts";

/** What a receiver has seen since it started. */
export interface OtlpReceiverStats {
  /** Requests that were answered with success. */
  readonly accepted: number;
  /** Requests that were answered with an error. */
  readonly refused: number;
  readonly spans: number;
  readonly metrics: number;
  /** Spans that left the buffer to make room for newer ones. */
  readonly droppedSpans: number;
  /** Bytes held for requests in progress. */
  readonly pendingBytes: number;
}

/**
 * An OTLP/HTTP endpoint on the loopback address, for spans and metrics of other processes of this machine.
 *
 * Protobuf and JSON, plain, gzip or deflate; logs are accepted and dropped. Memory is bounded: bodies, requests in progress and
 * the buffers have limits, and a sender that meets one is asked to come back. Web pages and other machines are refused.
 *
 * @example
 * await using receiver = await OtlpReceiver.start({ port: 0 });
 * using subscription = receiver.onSpans((spans) => timeline.add(spans));
 */
export class OtlpReceiver implements AsyncDisposable {
  readonly #settings: OtlpReceiverSettings;
  readonly #admission: Admission;
  readonly #spans: BoundedBuffer<ReceivedSpan>;
  readonly #metrics: BoundedBuffer<ReceivedMetric>;
  readonly #spanListeners: Listeners<ReceivedSpan>;
  readonly #metricListeners: Listeners<ReceivedMetric>;
  readonly #counts = { accepted: 0, refused: 0, spans: 0, metrics: 0 };
  #server: LoopbackServer | null = null;

  private constructor(settings: OtlpReceiverSettings) {
    this.#settings = settings;
    this.#admission = new Admission(settings);
    this.#spans = new BoundedBuffer(settings.maxSpans);
    this.#metrics = new BoundedBuffer(settings.maxMetrics);
    this.#spanListeners = new Listeners(settings.onError);
    this.#metricListeners = new Listeners(settings.onError);
  }

  /**
   * Opens the port and answers with a receiver that listens.
   *
   * @param options.port - 0 takes a free one. Default: 4318.
   * @throws {RangeError} An option is outside its limits.
   * @throws {ReceiverError} The port is in use or may not be opened.
   */
  static async start(options: OtlpReceiverOptions = {}): Promise<OtlpReceiver> {
    const receiver = new OtlpReceiver(resolveReceiverOptions(options));
    receiver.#server = await LoopbackServer.listen({
      host: receiver.#settings.host,
      port: receiver.#settings.port,
      requestTimeoutMillis: receiver.#settings.requestTimeoutMillis,
      onRequest: (request, response) => void receiver.#answer(request, response),
    });
    return receiver;
  }

  get port(): number {
    return this.#listening().port;
  }

  /** What to set `OTEL_EXPORTER_OTLP_ENDPOINT` to. */
  get url(): string {
    const { host, port } = this.#listening();
    return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  }

  /** Calls the listener with each batch of spans until what is returned is disposed of. */
  onSpans(listener: BatchListener<ReceivedSpan>): Disposable {
    return this.#spanListeners.add(listener);
  }

  /** Calls the listener with each batch of metrics until what is returned is disposed of. */
  onMetrics(listener: BatchListener<ReceivedMetric>): Disposable {
    return this.#metricListeners.add(listener);
  }

  /** The newest spans, at most `maxSpans`, in the order of their arrival. */
  spans(): readonly ReceivedSpan[] {
    return this.#spans.toArray();
  }

  /** The newest metrics, at most `maxMetrics`, in the order of their arrival. */
  metrics(): readonly ReceivedMetric[] {
    return this.#metrics.toArray();
  }

  /** Forgets the buffered spans and metrics. */
  clear(): void {
    this.#spans.clear();
    this.#metrics.clear();
  }

  stats(): OtlpReceiverStats {
    return { ...this.#counts, droppedSpans: this.#spans.dropped, pendingBytes: this.#admission.pendingBytes };
  }

  /** Ends all connections and frees the port; what is buffered stays readable. */
  async close(): Promise<void> {
    await this.#server?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // An aborted request is the sender's business; without a listener its error would be nobody's.
    response.on("error", () => {});
    let encoding: Encoding = request.headers["content-type"]?.includes("json") ? "json" : "protobuf";
    try {
      const accepted = acceptRequest(request);
      encoding = accepted.encoding;
      const partial = await this.#admission.run(async (gate) => {
        const body = await readBody(request, this.#settings.maxBodyBytes, gate);
        return await this.#receive(accepted, body);
      });
      this.#counts.accepted += 1;
      respondAccepted(response, accepted, partial);
    } catch (error) {
      this.#counts.refused += 1;
      respondRefused(response, encoding, this.#asHttpError(error, request));
      request.resume();
    }
  }

  /** A sender that went away in the middle is its own business; everything else that is unknown is ours. */
  #asHttpError(error: unknown, request: IncomingMessage): HttpError {
    if (error instanceof HttpError) return error;
    if (!request.destroyed) this.#settings.onError(error);
    return new HttpError(500, "internal error");
  }

  async #receive(request: AcceptedRequest, body: Buffer): Promise<PartialSuccess | null> {
    if (request.signal === "traces") {
      const { items, rejected } = decodeTraces(body, request.encoding);
      this.#counts.spans += items.length;
      this.#spans.push(items);
      await this.#spanListeners.call(items);
      return rejected === 0 ? null : { rejected, message: "spans need a trace id and a span id" };
    }
    if (request.signal === "metrics") {
      const { items, rejected } = decodeMetrics(body, request.encoding);
      this.#counts.metrics += items.length;
      this.#metrics.push(items);
      await this.#metricListeners.call(items);
      return rejected === 0 ? null : { rejected, message: "metrics need a name and may not be summaries" };
    }
    return null;
  }

  #listening(): LoopbackServer {
    if (this.#server === null) throw new Error("bug: a receiver is given out before it listens");
    return this.#server;
  }
}
