import type { TypeParser } from "../query.ts";

/** What a parser makes of a text that no server sent; undefined where it throws, as one that a program has set in the driver's place may. */
export function trial(parser: TypeParser, text: string): unknown {
  try {
    return parser(text);
  } catch {
    return undefined;
  }
}
