import type { Cell } from "../../../../shared/protocol/results.ts";

type Row = readonly Cell[];

/** How many bytes the length of a value can take: 32 bits in groups of seven. */
const MAX_LENGTH_BYTES = 5;
const LONGEST_LOOPED = 48;

/**
 * Rows packed into one buffer, column by column.
 *
 * The buffer begins with the start of each column. A column is its values one after the other, each after its length plus one
 * as a variable-length number; 0 stands for NULL. So a column can be read without the others, a value costs one byte beyond
 * its text, and nothing of it lies on the heap of JavaScript.
 */
export class PackedPage {
  readonly buffer: Buffer;
  readonly rowCount: number;

  constructor(buffer: Buffer, rowCount: number) {
    this.buffer = buffer;
    this.rowCount = rowCount;
  }

  static pack(rows: readonly Row[], columnCount: number): PackedPage {
    const writer = new PageWriter(upperBound(rows, columnCount));
    writer.skip(columnCount * 4);
    for (let column = 0; column < columnCount; column++) {
      writer.markColumn(column);
      for (const row of rows) writer.value(row[column] ?? null);
    }
    return new PackedPage(writer.finish(), rows.length);
  }

  /** One value. */
  cell(row: number, column: number): Cell {
    return this.values(column, row, row + 1)[0] ?? null;
  }

  /** The values of a column in rows `from` to `to`, the latter excluded. */
  values(column: number, from: number, to: number): Cell[] {
    const { buffer } = this;
    const values: Cell[] = [];
    let at = buffer.readUInt32LE(column * 4);
    for (let row = 0; row < to; row++) {
      let length = 0;
      let shift = 0;
      let byte = 0;
      do {
        byte = buffer[at++] ?? 0;
        length += (byte & 0x7f) * 2 ** shift;
        shift += 7;
      } while (byte >= 0x80);
      const end = at + Math.max(0, length - 1);
      if (row >= from) values.push(length === 0 ? null : textOf(buffer, at, end));
      at = end;
    }
    return values;
  }

  /** Everything that a column holds as one text, lengths between the values included: to rule out quickly that it holds something. */
  columnText(column: number, columnCount: number): string {
    const end = column + 1 < columnCount ? this.buffer.readUInt32LE((column + 1) * 4) : this.buffer.length;
    return this.buffer.toString("utf8", this.buffer.readUInt32LE(column * 4), end);
  }
}

function textOf(buffer: Buffer, start: number, end: number): string {
  return start === end ? "" : buffer.toString("utf8", start, end);
}

/** No character of UTF-16 takes more than three bytes of UTF-8. */
function upperBound(rows: readonly Row[], columnCount: number): number {
  let length = 0;
  for (const row of rows) {
    for (let column = 0; column < columnCount; column++) length += row[column]?.length ?? 0;
  }
  return columnCount * 4 + rows.length * columnCount * MAX_LENGTH_BYTES + length * 3;
}

class PageWriter {
  /** Pages are made one after the other, in memory that is used again. */
  static #scratch: Buffer = Buffer.allocUnsafeSlow(1 << 20);
  readonly #buffer: Buffer;
  #at = 0;

  constructor(upperLimit: number) {
    const isLarge = upperLimit > 8 << 20;
    if (!isLarge && upperLimit > PageWriter.#scratch.length) {
      PageWriter.#scratch = Buffer.allocUnsafeSlow(upperLimit);
    }
    this.#buffer = isLarge ? Buffer.allocUnsafeSlow(upperLimit) : PageWriter.#scratch;
  }

  skip(length: number): void {
    this.#at += length;
  }

  markColumn(column: number): void {
    this.#buffer.writeUInt32LE(this.#at, column * 4);
  }

  value(cell: Cell): void {
    if (cell === null) this.#buffer[this.#at++] = 0;
    else if (cell.length > LONGEST_LOOPED || !this.#shortAscii(cell)) this.#long(cell);
  }

  finish(): Buffer {
    const packed = Buffer.allocUnsafeSlow(this.#at);
    this.#buffer.copy(packed, 0, 0, this.#at);
    return packed;
  }

  /** Most values are short and plain: for them a loop is quicker than a call out of JavaScript. */
  #shortAscii(text: string): boolean {
    const buffer = this.#buffer;
    const start = this.#at + 1;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) return false;
      buffer[start + index] = code;
    }
    buffer[this.#at] = text.length + 1;
    this.#at = start + text.length;
    return true;
  }

  #long(text: string): void {
    let rest = Buffer.byteLength(text) + 1;
    while (rest >= 0x80) {
      this.#buffer[this.#at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#at++] = rest;
    this.#at += this.#buffer.write(text, this.#at);
  }
}
