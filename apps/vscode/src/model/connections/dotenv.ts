const LINE = /^\s*(?:export\s+|set\s+|\$env:)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/i;

function unquoted(raw: string): string {
  const quote = raw[0];
  if (quote !== '"' && quote !== "'" && quote !== "`") return raw.replace(/\s+#.*$/, "").trim();
  const end = raw.indexOf(quote, 1);
  const body = end < 0 ? raw.slice(1) : raw.slice(1, end);
  return quote === '"' ? body.replace(/\\n/g, "\n").replace(/\\(["\\$])/g, "$1") : body;
}

/** The variables in the text of a `.env` file, or in what a shell was told; the last of a name wins, empty ones are left out. */
export function readVariables(text: string): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const [, name, raw = ""] = LINE.exec(line) ?? [];
    if (name !== undefined) variables[name] = unquoted(raw.trim());
  }
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
}
