const LINE = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;

function unquoted(raw: string): string {
  const quote = raw[0];
  if (quote !== '"' && quote !== "'" && quote !== "`") return raw.replace(/\s+#.*$/, "").trim();
  const end = raw.indexOf(quote, 1);
  const body = end < 0 ? raw.slice(1) : raw.slice(1, end);
  return quote === '"' ? body.replace(/\\n/g, "\n").replace(/\\(["\\$])/g, "$1") : body;
}

/** The value of a variable in the text of a `.env` file; the last one wins, null where there is none. */
export function readDotenv(text: string, name: string): string | null {
  let found: string | null = null;
  for (const line of text.split(/\r?\n/)) {
    const match = LINE.exec(line);
    if (match?.[1] === name) found = unquoted((match[2] ?? "").trim());
  }
  return found === "" ? null : found;
}
