import { once } from "node:events";
import { createReadStream } from "node:fs";
import { pipeline, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** What a file begins with that gzip has packed. */
const GZIP_MAGIC = Buffer.from([0x1f, 0x8b]);

/**
 * Opens a file, and unpacks it where gzip has packed it; `-` is standard input.
 *
 * @throws {Error} The file cannot be opened, with the system's code.
 */
export async function openInput(file: string): Promise<Readable> {
  const input = file === "-" ? process.stdin : createReadStream(file);
  await once(input, "readable");
  const beginning: unknown = input.read();
  if (!Buffer.isBuffer(beginning)) return input;
  input.unshift(beginning);
  if (!beginning.subarray(0, 2).equals(GZIP_MAGIC)) return input;
  // What goes wrong with the input comes out of the stream that is read.
  return pipeline(input, createGunzip(), () => {});
}
