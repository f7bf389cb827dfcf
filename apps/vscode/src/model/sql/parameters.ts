import { type Token, tokenAt } from "./lexer.ts";
import type { Span } from "./split.ts";

/** A place of a statement that a value is to be put in. */
export interface Parameter {
  /** As the text has it: `$1`, or `:name`. */
  readonly label: string;
}

/** One run of text that was replaced. */
interface Replacement {
  readonly original: Span;
  readonly text: string;
}

/** A statement with `:name` written as `$n`, as the server takes it. */
export interface ParameterisedText {
  /** In the order of their numbers. */
  readonly parameters: readonly Parameter[];
  readonly text: string;
  /** The offset in the original text of an offset in `text`. */
  toOriginal(offset: number): number;
}

const NAME = /:([A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)/y;
const QUOTED_NAME = /:'([A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)'/y;

/** Of these a `$1` belongs to the statement itself. */
const OWN_PARAMETERS = /^(?:prepare\b|create\s+(?:or\s+replace\s+)?(?:function|procedure)\b)/i;

interface Mention {
  readonly span: Span;
  readonly label: string;
}

/** The name after a colon; null where the colon is a cast, an assignment or a slice. */
function nameAt(text: string, token: Token, state: ScanState): Mention | null {
  const { start } = token;
  if (text[start] !== ":" || text[start - 1] === ":") return null;
  if (state.separates) return null;
  for (const pattern of [NAME, QUOTED_NAME]) {
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    if (match !== null) return { span: { start, end: pattern.lastIndex }, label: `:${match[1]}` };
  }
  return null;
}

/** What decides whether a colon separates two operands: the bounds of a slice, or the key and value of a JSON constructor. */
class ScanState {
  readonly #open: ("slice" | "pair" | "group")[] = [];
  #previous: Token["kind"] | "end" | null = null;
  #previousWord = "";

  /** Whether a colon here has an operand before it. After a word that is so only where colons separate: it can be SELECT. */
  get separates(): boolean {
    if (this.#previous === "word") return this.#open.at(-1) === "slice" || this.#open.at(-1) === "pair";
    return this.#previous !== null && this.#previous !== "symbol";
  }

  take(token: Token, text: string): void {
    const char = token.kind === "symbol" ? text[token.start] : "";
    if (char === "[") this.#open.push("slice");
    if (char === "(") this.#open.push(/^json_object(?:agg)?$/i.test(this.#previousWord) ? "pair" : "group");
    const isClosing = char === ")" || char === "]";
    if (isClosing) this.#open.pop();
    this.#previous = isClosing ? "end" : token.kind;
    this.#previousWord = token.kind === "word" ? text.slice(token.start, token.end) : "";
  }
}

function mentionsIn(text: string): readonly Mention[] {
  const mentions: Mention[] = [];
  const state = new ScanState();
  for (let token = tokenAt(text, 0); token !== null; ) {
    if (token.kind === "space" || token.kind === "comment") {
      token = tokenAt(text, token.end);
      continue;
    }
    const named = nameAt(text, token, state);
    if (named !== null) mentions.push(named);
    if (token.kind === "parameter") mentions.push({ span: token, label: text.slice(token.start, token.end) });
    state.take(named === null ? token : { kind: "word", ...named.span }, text);
    token = tokenAt(text, named?.span.end ?? token.end);
  }
  return mentions;
}

/** Positional parameters come first, up to the highest number; then names, in the order of their first mention. */
function parametersOf(mentions: readonly Mention[]): readonly Parameter[] {
  const numbers = mentions
    .filter(({ label }) => label.startsWith("$"))
    .map(({ label }) => Number(label.slice(1)));
  const positional = Array.from({ length: Math.max(0, ...numbers) }, (_, index) => `$${index + 1}`);
  const names = mentions.map(({ label }) => label).filter((label) => label.startsWith(":"));
  return [...positional, ...new Set(names)].map((label) => ({ label }));
}

/**
 * Finds `$1` and `:name` in a statement, and writes the latter as the former.
 *
 * Never taken for a parameter: `::` casts, `:=`, the bounds of a slice, and whatever is in quotes or comments. As in psql,
 * `:'name'` is the same as `:name`.
 */
export function parameterise(statement: string): ParameterisedText {
  const mentions = OWN_PARAMETERS.test(statement) ? [] : mentionsIn(statement);
  const parameters = parametersOf(mentions);
  const replacements = mentions
    .filter(({ label }) => label.startsWith(":"))
    .map(({ span, label }) => ({
      original: span,
      text: `$${parameters.findIndex((each) => each.label === label) + 1}`,
    }));
  return {
    parameters,
    text: replace(statement, replacements),
    toOriginal: (offset) => original(offset, replacements),
  };
}

function replace(text: string, replacements: readonly Replacement[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { original: span, text: replacement } of replacements) {
    parts.push(text.slice(at, span.start), replacement);
    at = span.end;
  }
  return parts.join("") + text.slice(at);
}

function original(offset: number, replacements: readonly Replacement[]): number {
  let shift = 0;
  for (const { original: span, text } of replacements) {
    const start = span.start + shift;
    if (offset < start) break;
    if (offset < start + text.length) return span.start;
    shift += text.length - (span.end - span.start);
  }
  return offset - shift;
}
