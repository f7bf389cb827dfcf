import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const OURS = new URL("../proto/otlp.proto", import.meta.url);
const OFFICIAL = join(
  dirname(createRequire(import.meta.url).resolve("@elastic/mockotlpserver/package.json")),
  "opentelemetry/proto",
);

/** Messages of ours that the official files have under another name, or not at all. */
const OWN = new Set(["ExportPartialSuccess", "ExportServiceResponse", "RpcStatus"]);

/** Fields of each message, as `number: type`, where an enum is its number and a name has no package. */
function fieldsOf(text: string): Map<string, Map<string, string>> {
  const messages = new Map<string, Map<string, string>>();
  const stack: (string | null)[] = [];
  const enums = new Set([...text.matchAll(/\benum (\w+)/g)].map((match) => match[1]));
  for (const line of text.replaceAll(/\/\/.*$/gm, "").split("\n")) {
    const opening = /^\s*(message|enum|oneof) (\w+) \{/.exec(line);
    if (opening !== null) {
      const [, kind, name = ""] = opening;
      stack.push(kind === "message" ? name : kind === "enum" ? null : (stack.at(-1) ?? null));
      if (kind === "message") messages.set(name, new Map());
      continue;
    }
    const field = /^\s*((?:repeated |optional )?)([\w.]+) (\w+) = (\d+)/.exec(line);
    const message = stack.at(-1);
    if (field !== null && message !== null && message !== undefined) {
      const [, label = "", type = "", name = "", number = ""] = field;
      const bare = type.split(".").at(-1) ?? "";
      messages.get(message)?.set(name, `${number}: ${label}${enums.has(bare) ? "int32" : bare}`);
    }
    if (/^\s*\}/.test(line)) stack.pop();
  }
  return messages;
}

test("every field that we read has the number and the type of the official definition", async () => {
  const files = (await readdir(OFFICIAL, { recursive: true })).filter((file) => file.endsWith(".proto"));
  const official = new Map<string, Map<string, string>>();
  for (const file of files) {
    for (const [name, fields] of fieldsOf(await readFile(join(OFFICIAL, file), "utf8")))
      official.set(name, fields);
  }
  let compared = 0;
  for (const [name, fields] of fieldsOf(await readFile(OURS, "utf8"))) {
    if (OWN.has(name)) continue;
    for (const [field, definition] of fields) {
      expect(official.get(name)?.get(field), `${name}.${field}`).toBe(definition);
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThan(70);
});
