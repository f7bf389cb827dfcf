const HIDDEN = "***";

/** `scheme://user:password@`; the password ends at the last `@` of the authority. */
const IN_URI = /\b([a-z][a-z0-9+.-]*:\/\/[^\s:/@]*):([^\s/]*)@/gi;
const IN_PAIR = /\b(PG)?(password|passwd|pwd)("?\s*[=:]\s*)('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s&;,]+)/gi;

/** The text with the passwords of connection strings hidden, whoever put them there. */
export function withoutSecrets(text: string): string {
  return text
    .replace(IN_URI, (_, before: string) => `${before}:${HIDDEN}@`)
    .replace(
      IN_PAIR,
      (_, prefix: string = "", key: string, sign: string) => `${prefix}${key}${sign}${HIDDEN}`,
    );
}
