import type { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";

/** What COPY FROM STDIN reads: bytes or text, in one piece or in any chunks. */
export type CopySource =
  | string
  | Uint8Array
  | AsyncIterable<Uint8Array | string>
  | Iterable<Uint8Array | string>
  | ReadableStream<Uint8Array | string>;

/** What COPY FROM gave. */
export interface CopyResult {
  /** Rows that the server took; null where it did not say. */
  readonly rowCount: number | null;
}

/**
 * The bytes of one COPY TO STDOUT, as the server sends them.
 *
 * Nothing is sent before the first chunk is asked for. A slow reader slows the server down; a reader that stops early
 * cancels the COPY on the server. It can be read once, in one of its forms.
 */
export interface CopyOutput extends AsyncIterable<Uint8Array>, AsyncDisposable {
  /** Rows that the server sent; null before the end. */
  readonly rowCount: number | null;
  /** The bytes as a stream of Node. */
  toNodeStream(): Readable;
  /** The bytes as a web stream. */
  toWebStream(): ReadableStream<Uint8Array>;
  /** Cancels the COPY where it is not at its end; harmless afterwards. */
  close(): Promise<void>;
}
