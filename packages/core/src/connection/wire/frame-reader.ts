import { Buffer } from "node:buffer";

/** Receives each backend message: its code, and where its body lies in `buffer`. */
export type FrameSink = (code: number, buffer: Buffer, start: number, end: number) => void;

const headerLength = 5;

/**
 * Cuts the byte stream of the server into messages, without copying those that arrive whole.
 *
 * The buffer of a frame is the sink's only until it returns.
 */
export class FrameReader {
  readonly #sink: FrameSink;
  /** The beginning of a message that has not arrived whole. */
  #parts: Buffer[] = [];
  #partsLength = 0;
  /** How many bytes the first message of `#parts` needs, as far as is known. */
  #needed = headerLength;
  #isStopped = false;

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Ignores whatever comes from here on. */
  stop(): void {
    this.#isStopped = true;
    this.#parts = [];
  }

  /** @throws {RangeError} the bytes are not the protocol of PostgreSQL. */
  read(chunk: Buffer): void {
    let buffer = chunk;
    if (this.#partsLength > 0) {
      this.#parts.push(chunk);
      this.#partsLength += chunk.length;
      if (this.#partsLength < this.#needed) return;
      buffer = Buffer.concat(this.#parts, this.#partsLength);
    }
    this.#keep(buffer, this.#cut(buffer));
  }

  /** Hands out every whole message and returns where the rest begins. */
  #cut(buffer: Buffer): number {
    const length = buffer.length;
    let offset = 0;
    this.#needed = headerLength;
    while (offset + headerLength <= length && !this.#isStopped) {
      const size = buffer.readInt32BE(offset + 1);
      if (size < 4) throw new RangeError(`the server sent a message of ${size} bytes`);
      const end = offset + 1 + size;
      if (end > length) {
        this.#needed = 1 + size;
        break;
      }
      this.#sink(buffer[offset] ?? 0, buffer, offset + headerLength, end);
      offset = end;
    }
    return offset;
  }

  #keep(buffer: Buffer, offset: number): void {
    this.#partsLength = this.#isStopped ? 0 : buffer.length - offset;
    this.#parts = this.#partsLength === 0 ? [] : [buffer.subarray(offset)];
  }
}
