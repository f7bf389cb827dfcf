import { Buffer } from "node:buffer";

/** A parameter in the form in which it travels: text, binary, or SQL null. */
export type EncodedValue = string | Buffer | null;

/** A statement or a portal, as Describe and Close tell them apart. */
export type TargetKind = "S" | "P";

const slabSize = 16 * 1024;

/** Up to here, copying characters one by one is cheaper than a call into the runtime. */
const shortText = 48;

/**
 * Writes frontend messages one after the other into memory that goes to the socket as it is.
 *
 * Invariant: bytes before `#start` belong to the socket and are never written again; a full slab is left to the socket
 * and a new one is begun.
 *
 * @see {@link https://www.postgresql.org/docs/current/protocol-message-formats.html}
 */
export class MessageWriter {
  #buffer: Buffer = Buffer.allocUnsafeSlow(slabSize);
  #start = 0;
  #end = 0;

  /** The bytes since the last call; the writer never touches them again. Null where there are none. */
  take(): Buffer | null {
    if (this.#end === this.#start) return null;
    const bytes = this.#buffer.subarray(this.#start, this.#end);
    this.#start = this.#end;
    return bytes;
  }

  parse(name: string, text: string): void {
    const begin = this.#open(0x50, name.length * 3 + text.length * 3 + 4);
    this.#text(name);
    this.#zero();
    this.#text(text);
    this.#zero();
    this.#int16(0);
    this.#close(begin);
  }

  bind(portal: string, statement: string, values: readonly EncodedValue[]): void {
    const count = values.length;
    const begin = this.#open(0x42, (portal.length + statement.length) * 3 + count * 2 + 8);
    this.#text(portal);
    this.#zero();
    this.#text(statement);
    this.#zero();
    this.#int16(count);
    for (let i = 0; i < count; i++) this.#int16(values[i] instanceof Uint8Array ? 1 : 0);
    this.#int16(count);
    let start = begin;
    for (let i = 0; i < count; i++) start = this.#value(start, values[i] ?? null);
    // No result format codes: every column comes as text.
    start = this.#ensure(start, 2);
    this.#int16(0);
    this.#close(start);
  }

  describe(kind: TargetKind, name: string): void {
    this.#named(0x44, kind, name);
  }

  close(kind: TargetKind, name: string): void {
    this.#named(0x43, kind, name);
  }

  /** @param maxRows - 0 = all. */
  execute(portal: string, maxRows: number): void {
    const begin = this.#open(0x45, portal.length * 3 + 5);
    this.#text(portal);
    this.#zero();
    this.#int32(maxRows);
    this.#close(begin);
  }

  query(text: string): void {
    const begin = this.#open(0x51, text.length * 3 + 1);
    this.#text(text);
    this.#zero();
    this.#close(begin);
  }

  copyFail(reason: string): void {
    const begin = this.#open(0x66, reason.length * 3 + 1);
    this.#text(reason);
    this.#zero();
    this.#close(begin);
  }

  copyData(bytes: Uint8Array): void {
    const begin = this.#open(0x64, bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
    this.#close(begin);
  }

  /** The header of CopyData; the payload follows on the socket without a copy. */
  copyDataHeader(payloadLength: number): void {
    this.#open(0x64, 0);
    this.#patchLength(this.#end - 5, payloadLength + 4);
  }

  copyDone(): void {
    this.#bare(0x63);
  }

  sync(): void {
    this.#bare(0x53);
  }

  flush(): void {
    this.#bare(0x48);
  }

  terminate(): void {
    this.#bare(0x58);
  }

  #named(code: number, kind: TargetKind, name: string): void {
    const begin = this.#open(code, name.length * 3 + 2);
    this.#text(kind);
    this.#text(name);
    this.#zero();
    this.#close(begin);
  }

  #bare(code: number): void {
    this.#close(this.#open(code, 0));
  }

  /** Begins a message with room for `size` more bytes and returns where it begins. */
  #open(code: number, size: number): number {
    this.#ensure(0, size + 5);
    const begin = this.#end;
    this.#buffer[begin] = code;
    this.#end = begin + 5;
    return begin;
  }

  #close(begin: number): void {
    this.#patchLength(begin, this.#end - begin - 1);
  }

  #patchLength(begin: number, length: number): void {
    const buffer = this.#buffer;
    buffer[begin + 1] = length >>> 24;
    buffer[begin + 2] = length >>> 16;
    buffer[begin + 3] = length >>> 8;
    buffer[begin + 4] = length;
  }

  /** Makes room; the message that begins at `begin` may move, so its new beginning is returned. */
  #ensure(begin: number, size: number): number {
    if (this.#end + size <= this.#buffer.length) return begin;
    const pending = this.#end - this.#start;
    const buffer = Buffer.allocUnsafeSlow(Math.max(slabSize, pending * 2 + size));
    this.#buffer.copy(buffer, 0, this.#start, this.#end);
    const moved = begin - this.#start;
    this.#buffer = buffer;
    this.#start = 0;
    this.#end = pending;
    return moved;
  }

  #value(begin: number, value: EncodedValue): number {
    if (value === null) {
      const start = this.#ensure(begin, 4);
      this.#int32(-1);
      return start;
    }
    if (typeof value !== "string") {
      const start = this.#ensure(begin, value.length + 4);
      this.#int32(value.length);
      value.copy(this.#buffer, this.#end);
      this.#end += value.length;
      return start;
    }
    const room = value.length <= shortText ? value.length * 3 : Buffer.byteLength(value);
    const start = this.#ensure(begin, room + 4);
    const before = this.#end;
    this.#end = before + 4;
    this.#text(value);
    const length = this.#end - before - 4;
    this.#patchLength(before - 1, length);
    return start;
  }

  /** Writes UTF-8; the caller has made room. */
  #text(value: string): void {
    const length = value.length;
    const buffer = this.#buffer;
    let at = this.#end;
    if (length <= shortText) {
      let i = 0;
      for (; i < length; i++) {
        const unit = value.charCodeAt(i);
        if (unit > 0x7f) break;
        buffer[at++] = unit;
      }
      if (i === length) {
        this.#end = at;
        return;
      }
    }
    this.#end += buffer.write(value, this.#end, "utf8");
  }

  #zero(): void {
    this.#buffer[this.#end++] = 0;
  }

  #int16(value: number): void {
    this.#buffer[this.#end++] = value >>> 8;
    this.#buffer[this.#end++] = value;
  }

  #int32(value: number): void {
    const buffer = this.#buffer;
    buffer[this.#end++] = value >>> 24;
    buffer[this.#end++] = value >>> 16;
    buffer[this.#end++] = value >>> 8;
    buffer[this.#end++] = value;
  }
}
