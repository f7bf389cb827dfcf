import { readFileSync, statSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { VSIX } from "./world.ts";

const LIMIT_BYTES = 500 * 1_000;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;

/** The names of a zip's files, from its central directory. */
function namesIn(zip: Buffer): string[] {
  const names: string[] = [];
  const start = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
  for (let at = start; at >= 0 && zip.readUInt32LE(at) === ENTRY; ) {
    const [name, extra, comment] = [
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
    ];
    names.push(zip.toString("utf8", at + ENTRY_BYTES, at + ENTRY_BYTES + name));
    at += ENTRY_BYTES + name + extra + comment;
  }
  return names;
}

describe("the packaged extension", () => {
  test("is smaller than 500 KB", () => {
    expect(statSync(VSIX).size).toBeLessThan(LIMIT_BYTES);
  });

  test("holds the bundles and what the editor shows, and no source", () => {
    const names = namesIn(readFileSync(VSIX));
    expect(names).toContain("extension/dist/extension.js");
    expect(names).toContain("extension/dist/database.js");
    const sources = names.filter((name) =>
      /\.(ts|tsx|map)$|node_modules|(^|\/)(src|test|scripts|webviews)\/(?!.*\.(js|css)$)/.test(name),
    );
    expect(sources).toEqual([]);
    const scripts = names.filter((name) => name.endsWith(".js"));
    expect(scripts.every((name) => name.startsWith("extension/dist/"))).toBe(true);
  });
});
