import { Buffer } from "node:buffer";
import { ConfigError } from "../errors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes one component of a connection URI as libpq does: `%` and two hexadecimal digits are one byte, spaces at both
 * ends are dropped and spaces within refused.
 *
 * @param part - what the component is, for the error; the text itself is never quoted, since it may be a password.
 */
export function percentDecode(text: string, part: string, source: string): string {
  const trimmed = text.replace(/^ +| +$/g, "");
  if (trimmed.includes(" ")) {
    throw new ConfigError(`the ${part} in ${source} holds a space; write it as %20`, { source });
  }
  if (!trimmed.includes("%")) return trimmed;
  try {
    return utf8.decode(Buffer.concat(trimmed.split("%").map((piece, index) => decodePiece(piece, index))));
  } catch (cause) {
    const reason = cause instanceof PercentError ? cause.message : "is not UTF-8 once decoded";
    throw new ConfigError(`the ${part} in ${source} ${reason}`, { source });
  }
}

class PercentError extends Error {}

/** Every piece but the first follows a percent sign. */
function decodePiece(piece: string, index: number): Buffer {
  if (index === 0) return Buffer.from(piece);
  const digits = piece.slice(0, 2);
  if (!/^[0-9a-fA-F]{2}$/.test(digits)) {
    throw new PercentError("has a % without two hexadecimal digits; write a percent sign as %25");
  }
  if (digits === "00") throw new PercentError("holds %00, which no value may");
  return Buffer.concat([Buffer.from([Number.parseInt(digits, 16)]), Buffer.from(piece.slice(2))]);
}
