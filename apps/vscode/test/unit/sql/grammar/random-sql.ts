import { STATEMENTS } from "./statements.ts";

/** A source of chance with a seed, so that each script can be made again. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 0x9e3779b1 + 0x85ebca6b) >>> 0;
  }

  /** An integer from 0 to `bound` - 1. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  }

  of<T>(choices: readonly T[]): T {
    const chosen = choices[this.below(choices.length)];
    if (chosen === undefined) throw new Error("bug: nothing to choose from");
    return chosen;
  }
}

const IDS = [
  "a",
  "t1",
  "_x",
  "b$c",
  '"we;ird"',
  '"q""u;ote"',
  "straße",
  "é;".slice(0, 1),
  "begin_end",
  'U&"d\\0061t;"',
  "atomic",
  "stdin",
  "copy",
  '"END"',
  "rule",
  "begin",
  "テーブル",
];
const NAMES = ["t", "shop.orders", '"S;c"."T--a"', "pg_catalog . pg_class", "a.b$1"];
const TYPES = [
  "int",
  "text",
  "numeric(10,2)",
  "timestamp with time zone",
  "int[]",
  "varchar(3)[]",
  '"My;Type"',
  "double precision",
  "bit varying(5)",
];
const STRINGS = [
  "'a'",
  "'it''s;'",
  "E'\\';'",
  "e'\\\\'",
  "$$;$$",
  "$q$ $$ ; ' $q$",
  "U&'\\0061;'",
  "'back\\'",
  "'--;'",
  "'/*;'",
  "'é😀;'",
  "$é$;$é$",
  "'con'\n 'tinued;'",
  "E'x'\r\n\n'\\';'",
  "''",
];
const SIMPLE = [
  "1",
  "1.5e-3",
  "0x1F",
  "1_000",
  "a",
  "t.b",
  "null",
  "true",
  "now()",
  "$1",
  "B'01'",
  "x'1f'",
  "array[1,2]",
  "'{}'::jsonb",
  "-5",
  "current_date",
  "(1)",
  "a.*",
  "extract(epoch from now())",
  "N'n;'",
];
const COMPOUND = [
  "( {expr} + {expr} )",
  "( {expr} = {string} )",
  "( ( {expr} ) )",
  "case when {expr} then {expr} else {string} end",
  "{id} ( {expr} , {expr} )",
  "( {expr} is not distinct from {expr} )",
  "( {expr} between {expr} and {expr} )",
  "( not ( {expr} ) )",
  "( ( {expr} ) :: {type} )",
  "exists ( {query} )",
  "( {expr} in ( {expr} , {string} ) )",
  "( {expr} || {string} )",
  "cast ( {expr} as {type} )",
  "row ( {expr} , {expr} )",
  "( {expr} <@ {expr} )",
  "( {expr} * - {expr} )",
];
const QUERIES = [
  "select {expr}",
  "select {expr} from {name} where {expr}",
  "values ( {expr} )",
  "select * from {name} order by 1 limit 1",
  "select {expr} as {id} , {string} from {name} group by {expr}",
];
const BODIES = [
  "$$ select 1; $$",
  "$body$ begin perform ';'; if true then null; end if; end; $body$",
  "'select 1;'",
  "E'begin raise notice \\'x;\\'; end'",
  "$$ /* $$",
  "$_$ select $1; $_$",
  "$$\nbegin\n  -- it's; fine\nend;\n$$",
];
/** What may stand in the body of a function that is written in SQL. */
const INNER = [
  "{query}",
  "insert into {name} values ( {expr} )",
  "update {name} set {id} = {expr}",
  "delete from {name} where {expr}",
];
const GAPS = [
  " ",
  " ",
  " ",
  " ",
  "\n",
  "\r\n",
  "  ",
  "\t",
  " -- ; it's a comment\n",
  " /* ; */ ",
  "\n/* nested /* ; */ ' */\n",
  " --\r\n",
];

type Filling = (chance: Chance, depth: number) => string[];

const FILLINGS: Readonly<Record<string, Filling>> = {
  "{id}": (chance) => [chance.of(IDS)],
  "{name}": (chance) => [chance.of(NAMES)],
  "{type}": (chance) => [chance.of(TYPES)],
  "{string}": (chance) => [chance.of(STRINGS)],
  "{body}": (chance) => [chance.of(BODIES)],
  "{query}": (chance, depth) => fill(chance.of(QUERIES), chance, depth + 1),
  "{statement}": (chance, depth) => fill(chance.of(INNER), chance, depth + 1),
  "{expr}": (chance, depth) =>
    depth > 3 || chance.below(3) > 0 ? [chance.of(SIMPLE)] : fill(chance.of(COMPOUND), chance, depth + 1),
};

/** The words of a template with its places filled in. */
function fill(template: string, chance: Chance, depth: number): string[] {
  const filled = template.split(" ").flatMap((word) => FILLINGS[word]?.(chance, depth) ?? [word]);
  return filled.map((word) => word.replace("nulls~", "nulls "));
}

/** The words of one statement of a kind. */
export function statementWords(template: string, chance: Chance): string[] {
  return fill(template, chance, 0);
}

function join(words: readonly string[], chance: Chance): string {
  return words.map((word, index) => (index === 0 ? word : chance.of(GAPS) + word)).join("");
}

function randomCase(word: string, chance: Chance): string {
  return /^[a-z_]+$/.test(word) && chance.below(4) === 0 ? word.toUpperCase() : word;
}

const ENDS = [
  ";",
  ";",
  "; ",
  ";\n",
  ";\r\n",
  " ;\n",
  ";;\n",
  "; -- done ;\n",
  ";\n\n/* ; between */\n",
  "\n;",
];

/** A valid script of a few statements, with comments and line breaks of all kinds between their words. */
export function randomScript(seed: number): string {
  const chance = new Chance(seed);
  const count = 1 + chance.below(4);
  const parts: string[] = chance.below(8) === 0 ? ["-- begins; with\n"] : [];
  for (let index = 0; index < count; index++) {
    const template = index === 0 ? STATEMENTS[seed % STATEMENTS.length] : chance.of(STATEMENTS);
    const words = statementWords(template ?? "select 1", chance).map((word) => randomCase(word, chance));
    const isLast = index === count - 1;
    parts.push(join(words, chance), isLast && chance.below(3) === 0 ? "" : chance.of(ENDS));
  }
  return parts.join("");
}
