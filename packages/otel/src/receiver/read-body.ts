import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { HttpError } from "./http-error.ts";

/** Counts the bytes that are held for requests in progress, and refuses what would be too much. */
export interface MemoryGate {
  /** @throws {HttpError} 503 where there is no room. */
  reserve(bytes: number): void;
}

const DECOMPRESS: ReadonlyMap<
  string,
  (body: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>
> = new Map([
  ["gzip", promisify(gunzip)],
  ["x-gzip", promisify(gunzip)],
  ["deflate", promisify(inflate)],
]);

/**
 * Reads and unpacks a body of at most `maxBytes`, before and after unpacking.
 *
 * @throws {HttpError} The body is too large, packed in an unknown way, broken, or there is no room for it now.
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  gate: MemoryGate,
): Promise<Buffer> {
  const packing = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  const decompress = DECOMPRESS.get(packing);
  if (decompress === undefined && packing !== "identity") {
    throw new HttpError(415, "the content encoding must be gzip, deflate or identity");
  }
  const body = await collect(request, maxBytes, gate);
  if (decompress === undefined) return body;
  const unpacked = await decompress(body, { maxOutputLength: maxBytes }).catch((error: unknown) => {
    throw isTooLarge(error) ? tooLarge(maxBytes) : new HttpError(400, `the body is not ${packing}`);
  });
  gate.reserve(unpacked.length);
  return unpacked;
}

async function collect(request: IncomingMessage, maxBytes: number, gate: MemoryGate): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  // A destroyed request takes its socket along, and with it the answer that says why.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!Buffer.isBuffer(chunk)) throw new Error("bug: the request was given an encoding");
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(maxBytes);
    gate.reserve(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(413, `the body is larger than ${maxBytes} bytes: send smaller batches`);
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
}
