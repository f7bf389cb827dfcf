import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { keywordRules } from "../../src/config/keywords.ts";

it.each(["../../../../docs/concepts/connecting.md", "../../README.md"])(
  "%s lists every parameter with its variable and its default",
  (path) => {
    const page = readFileSync(new URL(path, import.meta.url), "utf8");
    const rows = page.split("\n").filter((line) => line.startsWith("| `"));
    const undocumented = keywordRules.filter(({ keyword, variable, fallback }) => {
      const row = rows.find((line) => line.split("|")[1]?.includes(`\`${keyword}\``)) ?? "";
      const names = [keyword, ...(variable === null ? [] : [variable])];
      return (
        !names.every((name) => row.includes(`\`${name}\``)) || !row.includes(shownDefault(keyword, fallback))
      );
    });
    expect(undocumented.map(({ keyword }) => keyword)).toEqual([]);
  },
);

/** Parameters without effect need no default in the table. */
function shownDefault(keyword: string, fallback: string | null): string {
  return ["options", "krbsrvname", "gssdelegation"].includes(keyword) ? "" : (fallback ?? "");
}
