import { areWords, type CodeToken, codeTokens } from "./code-tokens.ts";

const SETTING = /transaction_read_only/i;
const BODY = /read\s+write|transaction_read_only/i;
const ON = new Set(["on", "true", "1", "yes", "'on'", "'true'", "'1'", "'yes'"]);

function namesSetting({ kind, text }: CodeToken): boolean {
  return kind !== "symbol" && kind !== "number" && SETTING.test(text);
}

/** SET, RESET or ALTER of the setting to anything but on. */
function setsIt(tokens: readonly CodeToken[]): boolean {
  if (!/^(?:set|reset|alter)$/.test(tokens[0]?.text ?? "")) return false;
  return tokens.findIndex(namesSetting) > 0 && !ON.has(tokens.at(-1)?.text ?? "");
}

/**
 * Whether a statement would make a read-only session writable again, by its words.
 *
 * The server lets any session do so. A name put together at run time, and what a procedure does inside, are not seen: against
 * intent only a role without the privilege helps.
 */
export function liftsReadOnly(text: string): boolean {
  const tokens = codeTokens(text).filter(({ text: each }) => each !== ";");
  if (tokens.some((_, index) => areWords(tokens, index, "read", "write"))) return true;
  if (setsIt(tokens)) return true;
  const calls = tokens.some(({ text: name }) => name === "set_config" || name === '"set_config"');
  if (calls && tokens.some(namesSetting)) return true;
  return (
    areWords(tokens, 0, "do") && tokens.some(({ kind, text: body }) => kind === "string" && BODY.test(body))
  );
}
