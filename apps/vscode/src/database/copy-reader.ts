import { StringDecoder } from "node:string_decoder";
import type { CopyOutput } from "@rockpool/core";
import type { RowPage, RowReader } from "../model/database.ts";

/** No page holds much more than this, in characters, so that long lines cannot fill the host's memory at once. */
const PAGE_LENGTH_LIMIT = 16_000_000;
const PAGE = 10_000;
/** What COPY's own binary format begins with. */
const BINARY_SIGNATURE = Buffer.from("PGCOPY\n\xff\r\n\0", "latin1");

/** Reads the output of a COPY by pages: a line is a row, and in the binary format a message of the server's is one, as bytea is written. */
export class CopyReader implements RowReader {
  readonly #output: CopyOutput;
  readonly #chunks: AsyncIterator<Uint8Array>;
  /** What the output was opened with. */
  readonly #cancelling: AbortController;
  readonly #decoder = new StringDecoder("utf8");
  #format: "text" | "binary" = "text";
  #ahead: string[] = [];
  #rest = "";
  #isOver = false;

  constructor(output: CopyOutput, cancelling: AbortController) {
    this.#output = output;
    this.#chunks = output[Symbol.asyncIterator]();
    this.#cancelling = cancelling;
  }

  get format(): "text" | "binary" {
    return this.#format;
  }

  /** Waits for the first bytes, which tell the format. */
  async start(): Promise<void> {
    const first = await this.#next();
    if (first === null) return;
    if (BINARY_SIGNATURE.equals(first.subarray(0, BINARY_SIGNATURE.length))) this.#format = "binary";
    this.#take(first);
  }

  async read(count: number): Promise<RowPage> {
    let length = this.#ahead.reduce((sum, line) => sum + line.length, 0);
    while (!this.#isOver && this.#ahead.length <= count && length < PAGE_LENGTH_LIMIT) {
      const chunk = await this.#next();
      if (chunk === null) continue;
      this.#take(chunk);
      length += chunk.length;
    }
    const rows = this.#ahead.splice(0, count).map((line) => [line]);
    return { rows, isLast: this.#isOver && this.#ahead.length === 0 };
  }

  async readAll(): Promise<RowPage> {
    const rows: RowPage["rows"][number][] = [];
    for (;;) {
      const page = await this.read(PAGE);
      for (const row of page.rows) rows.push(row);
      if (page.isLast) return { rows, isLast: true };
    }
  }

  cancel(): void {
    this.#cancelling.abort();
  }

  close(): Promise<void> {
    return this.#output.close();
  }

  /** The next bytes; null at their end, where what has no line break behind it is a line too. */
  async #next(): Promise<Buffer | null> {
    const { value, done } = await this.#chunks.next();
    if (done !== true) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    this.#isOver = true;
    if (this.#rest !== "") this.#ahead.push(this.#rest);
    return null;
  }

  #take(chunk: Buffer): void {
    if (this.#format === "binary") {
      this.#ahead.push(`\\x${chunk.toString("hex")}`);
      return;
    }
    const lines = (this.#rest + this.#decoder.write(chunk)).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#ahead.push(line.endsWith("\r") ? line.slice(0, -1) : line);
  }
}
