import { Buffer } from "node:buffer";
import { ConfigError } from "../errors.ts";

/** The server cuts longer names, and then two could become one. */
const longestNameBytes = 63;

/** @throws {ConfigError} the server could not tell this name from another one. */
export function checkChannel(channel: string): void {
  const length = Buffer.byteLength(channel, "utf8");
  if (length >= 1 && length <= longestNameBytes && !channel.includes("\0")) return;
  throw new ConfigError(
    `a channel's name has 1 to ${longestNameBytes} bytes and no NUL; this one has ${length} bytes`,
  );
}

/** The name as an identifier. */
export function quoteChannel(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`;
}
