import { looksLikeConnection } from "./connection-text.ts";
import { composeUri, parseConnection } from "./connection-values.ts";
import { connectionFromPgVariables } from "./variable-lines.ts";

const PROGRAM = /^(?:.*[\\/])?(?:psql|pgcli|pg_dump|pg_restore|pgbench|createdb|dropdb)(?:\.exe)?$/;
const WORD = /"(?:[^"\\]|\\.)*"|'[^']*'|\\?[^\s"'\\]+|\\[\s\S]/g;

const OPTIONS: Readonly<Record<string, string>> = {
  "-h": "host",
  "--host": "host",
  "-p": "port",
  "--port": "port",
  "-U": "user",
  "--username": "user",
  "-d": "dbname",
  "--dbname": "dbname",
};

/** Options of psql that take a value which says nothing about the connection. */
const OTHERS =
  /^(?:-[cfvoFPRTL]|--(?:command|file|set|variable|output|field-separator|pset|record-separator|log-file))$/;

/** The words of a command line, their quotes taken away. */
function shellWords(text: string): readonly string[] {
  const joined = text.replace(/\\\r?\n/g, " ").trim();
  return joined.split(/\s+(?=(?:[^"']|"(?:[^"\\]|\\.)*"|'[^']*')*$)/).map((word) =>
    [...word.matchAll(WORD)]
      .map(([part]) => {
        if (part.startsWith("'")) return part.slice(1, -1);
        return part.startsWith('"')
          ? part.slice(1, -1).replace(/\\(["\\$`])/g, "$1")
          : part.replace(/^\\/, "");
      })
      .join(""),
  );
}

/** An option and its value, which may be one word with it: `-p 5432`, `-p5432`, `--port=5432`. */
function splitOption(word: string): { readonly name: string; readonly value: string | null } {
  if (word.startsWith("--")) {
    const [name = "", ...value] = word.split("=");
    return { name, value: value.length === 0 ? null : value.join("=") };
  }
  return { name: word.slice(0, 2), value: word.length > 2 ? word.slice(2) : null };
}

function readArguments(words: readonly string[]): Map<string, string> {
  const values = new Map<string, string>();
  const positional = ["dbname", "user"];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) {
      const keyword = positional.shift();
      if (keyword !== undefined) values.set(keyword, word);
      continue;
    }
    const { name, value } = splitOption(word);
    const keyword = OPTIONS[name];
    if (keyword === undefined && !OTHERS.test(name)) continue;
    const given = value ?? words[++at] ?? "";
    if (keyword !== undefined) values.set(keyword, given);
    if (keyword === "dbname") positional.splice(0, 1);
  }
  return values;
}

/** The connection string that a command line of psql or its siblings means, password included; null where the text is none. */
export function readPsqlCommand(text: string): string | null {
  const words = shellWords(text.replace(/^\s*[$%>#]\s+/, ""));
  const program = words.findIndex((word) => PROGRAM.test(word));
  if (program < 0) return null;
  const before = words.slice(0, program).map((word) => word.split(/=(.*)/s));
  const assigned = Object.fromEntries(before.map(([name = "", value = ""]) => [name, value]));
  const values = readArguments(words.slice(program + 1));
  const database = values.get("dbname") ?? "";
  if (looksLikeConnection(database)) {
    values.delete("dbname");
    for (const [key, value] of parseConnection(database) ?? []) values.set(key, value);
  }
  const fromVariables = parseConnection(
    connectionFromPgVariables({ PGHOST: values.get("host") ?? "localhost", ...assigned }) ?? "",
  );
  for (const [key, value] of fromVariables ?? [])
    if (!values.has(key) && key !== "host") values.set(key, value);
  return composeUri(values);
}
