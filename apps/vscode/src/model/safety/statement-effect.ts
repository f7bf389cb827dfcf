import { areWords, type CodeToken, codeTokens, nameAt } from "./code-tokens.ts";

/** What a statement may do to the data and the definitions of a database, as far as its text tells. */
export type StatementEffect =
  /** It reads, or concerns nothing but its own session. */
  | { readonly kind: "none" }
  /** It reads, unless one of these functions writes, which only the server knows. */
  | { readonly kind: "calls"; readonly functions: readonly string[] }
  | WriteEffect;

export interface WriteEffect {
  readonly kind: "write";
  /** Such as `DELETE` or `CREATE INDEX`. */
  readonly verb: string;
  /** What it writes to, as the statement names it; null where it names nothing. */
  readonly target: string | null;
  /** An UPDATE or DELETE without WHERE. */
  readonly isOnEveryRow: boolean;
}

const NONE: StatementEffect = { kind: "none" };

/** Statements that neither write nor carry another statement. */
const HARMLESS = new Set(
  (
    "show set reset begin start commit end rollback abort savepoint release fetch move close listen unlisten " +
    "discard deallocate"
  ).split(" "),
);
const READING = new Set(["select", "values", "table", "with"]);
const OBJECTS = new Set(
  (
    "table view index sequence schema function procedure routine aggregate role user group database type domain " +
    "extension trigger rule policy language collation publication subscription server tablespace operator cast " +
    "statistics transform system owned privileges"
  ).split(" "),
);
/** Statements of one word whose object follows. */
const NAMING = new Set(
  "truncate call execute lock refresh analyze analyse vacuum cluster reindex".split(" "),
);
const BEFORE_A_NAME = new Set(
  "only if not exists concurrently table index schema database system materialized view full freeze verbose".split(
    " ",
  ),
);
const TEMPORARY = new Set(["temp", "temporary"]);
const BEFORE_TEMPORARY = new Set(["or", "replace", "local", "global"]);

function write(verb: string, target: string | null, isOnEveryRow = false): WriteEffect {
  return { kind: "write", verb, target, isOnEveryRow };
}

/** The name after the words that may stand before one. */
function targetFrom(tokens: readonly CodeToken[], index: number): string | null {
  let at = index;
  while (tokens[at]?.kind === "word" && BEFORE_A_NAME.has(tokens[at]?.text ?? "")) at++;
  return nameAt(tokens, at);
}

/** The data-modifying statement that begins at `index`; null where none does. */
function modificationAt(tokens: readonly CodeToken[], index: number): WriteEffect | null {
  const depth = tokens[index]?.depth ?? 0;
  const isOnEveryRow = (): boolean => !hasWhere(tokens, index, depth);
  if (areWords(tokens, index, "insert", "into")) return write("INSERT", targetFrom(tokens, index + 2));
  if (areWords(tokens, index, "merge", "into")) return write("MERGE", targetFrom(tokens, index + 2));
  if (areWords(tokens, index, "delete", "from"))
    return write("DELETE", targetFrom(tokens, index + 2), isOnEveryRow());
  if (areWords(tokens, index, "update"))
    return write("UPDATE", targetFrom(tokens, index + 1), isOnEveryRow());
  return null;
}

/** Whether a WHERE of the same level follows before that level ends. */
function hasWhere(tokens: readonly CodeToken[], index: number, depth: number): boolean {
  for (const token of tokens.slice(index)) {
    if (token.depth < depth) return false;
    if (token.depth === depth && token.kind === "word" && token.text === "where") return true;
  }
  return false;
}

const LOCKS: readonly (readonly string[])[] = [
  ["for", "update"],
  ["for", "no", "key", "update"],
  ["for", "share"],
  ["for", "key", "share"],
];

/** UPDATE is a name too, and ends FOR UPDATE; after WITH's SEARCH and CYCLE clauses any word may stand before it. */
function canUpdateAt(tokens: readonly CodeToken[], index: number): boolean {
  const before = tokens[index - 1];
  if (before === undefined || before.text === "(" || before.text === ")") return true;
  const isInWith = areWords(tokens, 0, "with") && tokens[index]?.depth === 0;
  return isInWith && !/^(?:for|key|do|as|\.|,)$/.test(before.text);
}

/** The write that is hidden in a query: a data-modifying WITH, SELECT INTO, or locked rows. */
function writeInQuery(tokens: readonly CodeToken[]): WriteEffect | null {
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== "word") continue;
    const modification =
      token.text !== "update" || canUpdateAt(tokens, index) ? modificationAt(tokens, index) : null;
    if (modification !== null) return modification;
    if (LOCKS.some((words) => areWords(tokens, index, ...words))) {
      const verb = `SELECT ${token.text.toUpperCase()} ${(tokens[index + 1]?.text ?? "").toUpperCase()}`;
      return write(verb, null);
    }
    if (token.text === "into" && !TEMPORARY.has(tokens[index + 1]?.text ?? "")) {
      return write("SELECT INTO", targetFrom(tokens, index + 1));
    }
  }
  return null;
}

/** Words that the grammar keeps from being a function's name. */
const NO_FUNCTIONS = new Set(
  (
    "union intersect except all any some and or not in on using as select from where having when then else case with " +
    "lateral distinct values exists array limit offset coalesce nullif greatest least row cast extract position " +
    "substring trim overlay grouping table"
  ).split(" "),
);

/** The names that are called or could be; a name that is no function costs nothing but a look. */
function calledNames(tokens: readonly CodeToken[]): readonly string[] {
  const names = new Set<string>();
  for (const [index, { text, kind }] of tokens.entries()) {
    if (tokens[index + 1]?.text !== "(") continue;
    if (kind === "word" && !NO_FUNCTIONS.has(text)) names.add(text);
    if (kind === "quoted") names.add(text.slice(1, -1).replaceAll('""', '"'));
  }
  return [...names];
}

function effectOfQuery(tokens: readonly CodeToken[]): StatementEffect {
  const found = writeInQuery(tokens);
  if (found !== null) return found;
  const functions = calledNames(tokens);
  return functions.length === 0 ? NONE : { kind: "calls", functions };
}

const OFF = new Set(["off", "false", "0", "'off'", "'false'", "'0'"]);

/** EXPLAIN only plans, unless ANALYZE makes it run. */
function effectOfExplain(tokens: readonly CodeToken[]): StatementEffect {
  let at = 1;
  let runs = false;
  if (tokens[1]?.text === "(") {
    at = tokens.findIndex(({ text, depth }, index) => index > 1 && text === ")" && depth === 0) + 1;
    const option = tokens.findIndex(({ text, kind }) => kind === "word" && /^analy[sz]e$/.test(text));
    runs = option > 0 && option < at && !OFF.has((tokens[option + 1]?.text ?? "").toLowerCase());
  }
  while (/^(?:analy[sz]e|verbose)$/.test(tokens[at]?.text ?? "")) {
    runs ||= tokens[at]?.text !== "verbose";
    at++;
  }
  if (!runs) return NONE;
  const effect = effectOfTokens(tokens.slice(at));
  return effect.kind === "write" ? { ...effect, verb: `EXPLAIN ANALYZE ${effect.verb}` } : effect;
}

function effectOfCopy(tokens: readonly CodeToken[]): StatementEffect {
  const direction = tokens.findIndex(
    ({ text, kind, depth }) => depth === 0 && kind === "word" && (text === "from" || text === "to"),
  );
  if (tokens[direction]?.text === "from") return write("COPY FROM", nameAt(tokens, 1));
  const toClient = areWords(tokens, direction + 1, "stdout");
  if (!toClient) return write("COPY TO", null);
  return tokens[1]?.text === "(" ? effectOfQuery(tokens.slice(1, direction)) : NONE;
}

/** A temporary object is the session's own. */
function isCreatedTemporary(tokens: readonly CodeToken[]): boolean {
  if (!areWords(tokens, 0, "create")) return false;
  let at = 1;
  while (BEFORE_TEMPORARY.has(tokens[at]?.text ?? "")) at++;
  return TEMPORARY.has(tokens[at]?.text ?? "");
}

/** A statement that defines or administers something; its verb takes in the kind of object. */
function effectOfOther(tokens: readonly CodeToken[]): StatementEffect {
  const verb = tokens[0]?.text ?? "";
  if (isCreatedTemporary(tokens)) return effectOfQuery(tokens);
  const object = tokens.findIndex(
    ({ kind, text }, index) => index > 0 && kind === "word" && OBJECTS.has(text),
  );
  if (object < 0 || object > 5 || !/^(?:create|alter|drop|reassign)$/.test(verb)) {
    return write(verb.toUpperCase(), NAMING.has(verb) ? targetFrom(tokens, 1) : null);
  }
  return write(`${verb} ${tokens[object]?.text}`.toUpperCase(), targetFrom(tokens, object + 1));
}

function effectOfTokens(all: readonly CodeToken[]): StatementEffect {
  const start = all.findIndex(({ text }) => text !== "(");
  const tokens = start < 0 ? [] : all.slice(start);
  const [first] = tokens;
  if (first === undefined || first.text === ";" || first.text.startsWith("\\")) return NONE;
  if (first.kind !== "word") return write(first.text, null);
  const { text } = first;
  if (READING.has(text)) return effectOfQuery(all);
  if (/^(?:commit|rollback)$/.test(text) && areWords(tokens, 1, "prepared"))
    return write(`${text.toUpperCase()} PREPARED`, null);
  if (HARMLESS.has(text)) return NONE;
  if (text === "explain") return effectOfExplain(tokens);
  if (text === "copy") return effectOfCopy(tokens);
  const query = tokens.findIndex(
    (token, index) => index > 0 && token.text === (text === "declare" ? "for" : "as"),
  );
  if (text === "declare") return effectOfTokens(tokens.slice(query + 1));
  if (text === "prepare" && !areWords(tokens, 1, "transaction"))
    return effectOfTokens(tokens.slice(query + 1));
  return modificationAt(tokens, 0) ?? effectOfOther(tokens);
}

/**
 * What a statement may do, by its words alone.
 *
 * Errs to the side of writing: what it does not know counts as a write. What it cannot see is what the database does by itself
 * in the course of a read: a view, an operator or a column's default that calls a function.
 */
export function effectOf(text: string): StatementEffect {
  return effectOfTokens(codeTokens(text));
}
