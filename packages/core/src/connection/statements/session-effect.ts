import type { SessionTrait } from "../session-state.ts";
import type { SqlToken } from "./sql-lexer.ts";

/** What one statement does to the state that its session carries on. */
export type SessionEffect =
  | { readonly kind: "carry"; readonly trait: SessionTrait; readonly name: string }
  /** `name` null = whatever there is of the trait. */
  | { readonly kind: "drop"; readonly trait: SessionTrait; readonly name: string | null }
  /** Takes a session-level advisory lock for each row; `isTry` where only the answer true means that it did. */
  | { readonly kind: "lock"; readonly isTry: boolean }
  | { readonly kind: "unlock" }
  /** Every prepared statement of the session is gone, ours too. */
  | { readonly kind: "forget_statements" };

const carry = (trait: SessionTrait, name: string): SessionEffect[] => [{ kind: "carry", trait, name }];
const drop = (trait: SessionTrait, name: string | null): SessionEffect[] => [{ kind: "drop", trait, name }];

/** Every trait that DISCARD ALL removes. */
const allTraits: readonly SessionTrait[] = [
  "settings",
  "listen",
  "temporary_table",
  "held_cursor",
  "advisory_lock",
  "prepared_statement",
  "role",
  "unknown",
];

/** The effects of one statement, given its tokens. */
export function effectsOf(tokens: readonly SqlToken[]): readonly SessionEffect[] {
  const words = tokens.map((token) => (token.kind === "literal" ? "" : token.text));
  return [...headEffects(words, tokens), ...callEffects(words, tokens)];
}

function headEffects(words: readonly string[], tokens: readonly SqlToken[]): readonly SessionEffect[] {
  switch (words[0]) {
    case "set":
      return setEffects(words, tokens);
    case "reset":
      return resetEffects(words);
    case "listen":
      return carry("listen", words[1] ?? "");
    case "unlisten":
      return drop("listen", words[1] === "*" ? null : (words[1] ?? ""));
    case "create":
      return createEffects(words);
    case "declare":
      return declareEffects(words);
    case "close":
      return drop("held_cursor", words[1] === "all" ? null : (words[1] ?? ""));
    case "prepare":
      return words[1] === "transaction" ? [] : carry("prepared_statement", words[1] ?? "");
    case "deallocate":
      return deallocateEffects(words);
    case "discard":
      return discardEffects(words);
    case "do":
    case "call":
    case "load":
      return carry("unknown", words[0]);
    default:
      return intoEffects(words);
  }
}

function setEffects(words: readonly string[], tokens: readonly SqlToken[]): readonly SessionEffect[] {
  if (["local", "transaction", "constraints"].includes(words[1] ?? "")) return [];
  if (words[1] === "session" && words[2] === "characteristics") return carry("settings", "characteristics");
  if (words[1] === "session" && words[2] === "authorization") {
    return words[3] === "default" ? drop("role", "authorization") : carry("role", "authorization");
  }
  const at = words[1] === "session" ? 2 : 1;
  if (words[at] === "role") return words[at + 1] === "none" ? drop("role", "role") : carry("role", "role");
  if (words[at] === "time" && words[at + 1] === "zone") {
    return valueEffects("timezone", words[at + 2], ["default", "local"]);
  }
  const name = settingName(words, at);
  const value = tokens[at + name.length + 1];
  return valueEffects(name.text, value?.kind === "word" ? value.text : undefined, ["default"]);
}

function valueEffects(
  name: string,
  value: string | undefined,
  defaults: readonly string[],
): readonly SessionEffect[] {
  return defaults.includes(value ?? "") ? drop("settings", name) : carry("settings", name);
}

/** A setting's name can have parts: `app.user`. */
function settingName(words: readonly string[], at: number): { text: string; length: number } {
  let length = 1;
  while (words[at + length] === ".") length += 2;
  return { text: words.slice(at, at + length).join(""), length };
}

function resetEffects(words: readonly string[]): readonly SessionEffect[] {
  if (words[1] === "all") return drop("settings", null);
  if (words[1] === "role") return drop("role", "role");
  if (words[1] === "session" && words[2] === "authorization") return drop("role", "authorization");
  if (words[1] === "time" && words[2] === "zone") return drop("settings", "timezone");
  return drop("settings", settingName(words, 1).text);
}

function createEffects(words: readonly string[]): readonly SessionEffect[] {
  const head = words.slice(1, 6);
  const isTemporary = head.includes("temp") || head.includes("temporary") || isInTemporarySchema(words);
  const isDropped = words.some(
    (word, i) => word === "on" && words[i + 1] === "commit" && words[i + 2] === "drop",
  );
  return isTemporary && !isDropped ? carry("temporary_table", "") : [];
}

function isInTemporarySchema(words: readonly string[]): boolean {
  const at = words.indexOf("pg_temp");
  return at !== -1 && at < 8 && words[at + 1] === ".";
}

function declareEffects(words: readonly string[]): readonly SessionEffect[] {
  const query = words.indexOf("for");
  const head = words.slice(0, query === -1 ? words.length : query);
  const isHeld = head.some((word, i) => word === "with" && head[i + 1] === "hold");
  return isHeld ? carry("held_cursor", words[1] ?? "") : [];
}

function deallocateEffects(words: readonly string[]): readonly SessionEffect[] {
  const name = words[1] === "prepare" ? words[2] : words[1];
  if (name !== "all") return drop("prepared_statement", name ?? "");
  return [...drop("prepared_statement", null), { kind: "forget_statements" }];
}

function discardEffects(words: readonly string[]): readonly SessionEffect[] {
  if (words[1] === "temp" || words[1] === "temporary") return drop("temporary_table", null);
  if (words[1] !== "all") return [];
  return [...allTraits.flatMap((trait) => drop(trait, null)), { kind: "forget_statements" }];
}

/** `SELECT … INTO TEMP name`. */
function intoEffects(words: readonly string[]): readonly SessionEffect[] {
  const isTemporary = words.some(
    (word, i) =>
      word === "into" && words.slice(i + 1, i + 3).some((next) => next === "temp" || next === "temporary"),
  );
  return isTemporary ? carry("temporary_table", "") : [];
}

/** Calls of functions that change the session, wherever in the statement they are. */
function callEffects(words: readonly string[], tokens: readonly SqlToken[]): readonly SessionEffect[] {
  const effects: SessionEffect[] = [];
  for (const [i, word] of words.entries()) {
    if (words[i + 1] !== "(") continue;
    if (word === "set_config") effects.push(...setConfigEffects(tokens, i + 2));
    else if (word === "pg_advisory_unlock_all") effects.push(...drop("advisory_lock", null));
    else if (/^pg_advisory_unlock(_shared)?$/.test(word)) effects.push({ kind: "unlock" });
    else if (/^pg_(try_)?advisory_lock(_shared)?$/.test(word)) {
      effects.push({ kind: "lock", isTry: word.includes("try") });
    }
  }
  return effects;
}

/** `set_config(name, value, is_local)`: only a literal `true` is known to end with the transaction. */
function setConfigEffects(tokens: readonly SqlToken[], at: number): readonly SessionEffect[] {
  let depth = 1;
  let end = at;
  for (; end < tokens.length && depth > 0; end++) {
    const text = tokens[end]?.kind === "symbol" ? tokens[end]?.text : "";
    if (text === "(") depth += 1;
    if (text === ")") depth -= 1;
  }
  const isLocal = tokens[end - 2]?.kind === "word" && tokens[end - 2]?.text === "true";
  const name = tokens[at]?.kind === "literal" ? (tokens[at]?.text ?? "") : "";
  return isLocal ? [] : carry("settings", name.toLowerCase());
}
