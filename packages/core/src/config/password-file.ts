import { readFileSync, statSync } from "node:fs";

/** Whom a line of a password file must match. */
export interface PasswordQuery {
  readonly host: string;
  readonly port: string;
  readonly database: string;
  readonly user: string;
}

/** What came of a look into a password file. */
export type PasswordLookup =
  | { readonly kind: "found"; readonly password: string }
  | { readonly kind: "absent" }
  /** libpq ignores such a file with a warning; `reason` says what to do. */
  | { readonly kind: "ignored"; readonly reason: string };

/**
 * Looks a password up as libpq does: the first line whose four fields match, `*` alone matching all, `\` escaping one character.
 *
 * @see {@link https://www.postgresql.org/docs/18/libpq-pgpass.html}
 */
export function lookUpPassword(path: string, query: PasswordQuery): PasswordLookup {
  const file = readPasswordFile(path);
  if (typeof file !== "string") return file;
  for (const line of file.split("\n")) {
    const text = line.replace(/\r+$/, "");
    if (text === "" || text.startsWith("#")) continue;
    const password = matchLine(text, [query.host, query.port, query.database, query.user]);
    if (password !== null) return { kind: "found", password };
  }
  return { kind: "absent" };
}

/** The text of the file, or why libpq would not use it. */
function readPasswordFile(path: string): string | PasswordLookup {
  try {
    const status = statSync(path);
    if (!status.isFile()) return { kind: "ignored", reason: `password file "${path}" is not a plain file` };
    if (process.platform !== "win32" && (status.mode & 0o077) !== 0) {
      return {
        kind: "ignored",
        reason: `password file "${path}" has group or world access; chmod it to 0600 or less`,
      };
    }
    return readFileSync(path, "utf8");
  } catch {
    return { kind: "absent" };
  }
}

/** The password of a line whose fields match; null where one does not. */
function matchLine(line: string, fields: readonly string[]): string | null {
  let rest: string | null = line;
  for (const field of fields) {
    rest = rest === null ? null : matchField(rest, field);
  }
  return rest === null ? null : unescapePassword(rest);
}

/** What follows the first field where it matches; null where it does not. */
function matchField(text: string, wanted: string): string | null {
  if (text.startsWith("*:")) return text.slice(2);
  let taken = 0;
  for (let position = 0; position < text.length; position += 1) {
    if (text[position] === ":" && taken === wanted.length) return text.slice(position + 1);
    if (text[position] === "\\") position += 1;
    if (taken === wanted.length || text[position] !== wanted[taken]) return null;
    taken += 1;
  }
  return null;
}

/** A password ends at a bare colon, since later versions may add fields. */
function unescapePassword(text: string): string {
  let password = "";
  for (let position = 0; position < text.length && text[position] !== ":"; position += 1) {
    if (text[position] === "\\" && position + 1 < text.length) position += 1;
    password += text.charAt(position);
  }
  return password;
}
