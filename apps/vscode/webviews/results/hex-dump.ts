import { formatCount } from "../shared/format.ts";
import { l10n } from "../shared/l10n.ts";

const BYTES_OF_LINE = 16;
/** More lines would freeze the view, and nobody reads them. */
const MAX_BYTES = 65_536;

/** Bytes as PostgreSQL writes them (`\x…`), sixteen a line: offset, hex, and what is printable. */
export function hexDump(text: string): string {
  const digits = text.startsWith("\\x") ? text.slice(2) : text;
  const byteCount = Math.floor(digits.length / 2);
  const lines: string[] = [];
  for (let at = 0; at < Math.min(byteCount, MAX_BYTES); at += BYTES_OF_LINE) {
    const bytes = digits.slice(at * 2, (at + BYTES_OF_LINE) * 2).match(/../g) ?? [];
    const hex = bytes.join(" ").padEnd(BYTES_OF_LINE * 3 - 1);
    lines.push(`${at.toString(16).padStart(8, "0")}  ${hex}  ${bytes.map(printable).join("")}`);
  }
  if (byteCount > MAX_BYTES) lines.push(l10n.t("… {0} more bytes", formatCount(byteCount - MAX_BYTES)));
  return lines.join("\n");
}

function printable(byte: string): string {
  const code = Number.parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : ".";
}
