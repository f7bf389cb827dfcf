import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "..", "..", "..");
const REPOSITORY = "https://github.com/rockpool-pg/rockpool/";

const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .split("\n")
  .filter((page) => page !== "" && existsSync(join(ROOT, page)));

const read = (page: string): string => readFileSync(join(ROOT, page), "utf8");

/** What GitHub makes of a heading. */
function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}

/** The prose of a page: code shows links that are none. */
function proseOf(page: string): string {
  return read(page)
    .replace(/^(?:```|~~~)[\s\S]*?^(?:```|~~~)/gm, "")
    .replace(/`[^`\n]*`/g, "`code`");
}

function anchorsOf(page: string): string[] {
  const text = read(page).replace(/^(?:```|~~~)[\s\S]*?^(?:```|~~~)/gm, "");
  return [...text.matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

function linksOf(page: string): string[] {
  const prose = proseOf(page);
  const written = [...prose.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)];
  const inTags = [...prose.matchAll(/(?:src|srcset|href)="([^"]+)"/g)];
  return [...written, ...inTags].map(([, link = ""]) => link);
}

/** The path in this repository that a link leads to; null where it leads out of it. */
function targetOf(page: string, link: string): { path: string; anchor: string } | null {
  const [place = "", anchor = ""] = link.split("#");
  const [, hosted] = /^(?:tree|blob|raw)\/main\/(.*)$/.exec(place.replace(REPOSITORY, "")) ?? [];
  if (place.startsWith(REPOSITORY) && hosted !== undefined) return { path: join(ROOT, hosted), anchor };
  if (/^[a-z][\w+.-]*:/i.test(place)) return null;
  const path = place === "" ? join(ROOT, page) : resolve(ROOT, dirname(page), place);
  return { path, anchor };
}

describe.each(pages)("%s", (page) => {
  it("links only to what is there", () => {
    const dead = linksOf(page).filter((link) => {
      const target = targetOf(page, link);
      return target !== null && !existsSync(target.path);
    });
    expect(dead).toEqual([]);
  });

  it("names only headings that are there", () => {
    const dead = linksOf(page).filter((link) => {
      const target = targetOf(page, link);
      if (target === null || target.anchor === "" || !target.path.endsWith(".md")) return false;
      return !anchorsOf(target.path.slice(ROOT.length + 1)).includes(target.anchor);
    });
    expect(dead).toEqual([]);
  });

  it("is a page of the product, not of a machine", () => {
    expect(read(page)).not.toMatch(/\/(?:home|Users|work|root)\/|\bTODO\b|\bFIXME\b/);
  });
});

/** Files that a page names in code, from the root or from its own folder. */
it.each(["README.md", "CONTRIBUTING.md", "docs/architecture.md", "apps/vscode/README.md"])(
  "%s names only files that exist",
  (page) => {
    const named = [...read(page).matchAll(/`((?:apps|docs|packages|test|tooling)\/[\w./-]+)`/g)];
    const missing = named
      .map(([, path = ""]) => path)
      .filter((path) => !existsSync(join(ROOT, path)) && !existsSync(join(ROOT, dirname(page), path)));
    expect(missing).toEqual([]);
  },
);

describe("decisions", () => {
  const folder = join(ROOT, "docs", "decisions");
  const records = readdirSync(folder).filter((file) => /^\d{4}-/.test(file));

  it("have a number of their own each, without a gap", () => {
    const numbers = records.map((file) => Number(file.slice(0, 4))).sort((a, b) => a - b);
    expect(numbers).toEqual(records.map((_, at) => at + 1));
  });

  it("stand in the index, each once", () => {
    const listed = [...read("docs/decisions/README.md").matchAll(/\[\d{4}\]\(([^)]+)\)/g)];
    expect(listed.map(([, file]) => file).sort()).toEqual([...records].sort());
  });
});

describe("changesets", () => {
  const names = ["packages", "apps"].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).map(
      (each) => JSON.parse(readFileSync(join(ROOT, folder, each, "package.json"), "utf8")).name,
    ),
  );

  it.each(pages.filter((page) => /^\.changeset\/(?!README)/.test(page)))(
    "%s names packages that exist",
    (page) => {
      const [, head = "", text = ""] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(read(page)) ?? [];
      const steps = head
        .split("\n")
        .map((line) => /^"([^"]+)": (?:major|minor|patch)$/.exec(line)?.[1] ?? line);
      expect(steps.filter((name) => !names.includes(name))).toEqual([]);
      expect(text.trim().length).toBeGreaterThan(40);
    },
  );
});
