import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..");

const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const json = (file: string) => JSON.parse(read(file));

function files(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file));
}

const manifest = json("package.json");
const texts: Record<string, string> = json("package.nls.json");
const { contributes } = manifest;
const sources = files("src", ".ts").map(read);
const source = sources.join("\n");
const webviews = files("webviews", ".ts").map(read).join("\n");
const styles = files("webviews", ".css").map(read).join("\n");

interface Setting {
  readonly scope?: string;
  readonly order?: number;
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly markdownDescription?: string;
}

const settings: [string, Setting][] = contributes.configuration.flatMap(
  ({ properties }: { properties: Record<string, Setting> }) => Object.entries(properties),
);
const commands: { command: string; title: string; category: string }[] = contributes.commands;

/** Every condition of the manifest. */
function conditions(): string[] {
  return [...JSON.stringify(manifest).matchAll(/"(?:when|enablement)":"((?:[^"\\]|\\.)*)"/g)].map(
    ([, text]) => JSON.parse(`"${text}"`),
  );
}

describe("the manifest keeps the editor's rules for packages", () => {
  it("is typed against no newer editor than it asks for", () => {
    const [, wanted = ""] = /^\^(\d+\.\d+)\.\d+$/.exec(manifest.engines.vscode) ?? [];
    const [, typed = ""] =
      /"@types\/vscode": (\d+\.\d+)\./.exec(
        readFileSync(join(ROOT, "..", "..", "pnpm-workspace.yaml"), "utf8").replace(
          /^\s*'?"?@types\/vscode'?"?:/m,
          '"@types/vscode":',
        ),
      ) ?? [];
    expect(typed).toBe(wanted);
  });

  it("says what the Marketplace shows, and runs where the database can be reached", () => {
    for (const key of [
      "publisher",
      "displayName",
      "description",
      "license",
      "repository",
      "bugs",
      "homepage",
      "qna",
    ]) {
      expect(manifest[key], key).toBeTruthy();
    }
    expect(manifest.license).toBe("MIT");
    expect(manifest.pricing).toBe("Free");
    expect(manifest.keywords.length).toBeLessThanOrEqual(30);
    expect(manifest.extensionKind).toEqual(["workspace"]);
  });

  it("has an icon of at least 128 pixels", () => {
    const png = readFileSync(join(ROOT, manifest.icon));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(128);
  });

  it("activates for what it is needed for, and never at start-up", () => {
    for (const event of manifest.activationEvents) {
      expect(event).toMatch(/^on(?:Language:sql|WebviewPanel:rockpool\.\w+|DebugResolve:node)$/);
    }
  });

  it("ships a list of files", () => {
    expect(readdirSync(ROOT)).not.toContain(".vscodeignore");
  });

  it("shows pictures that the Marketplace takes, where packaging finds them", () => {
    const pictures = [...read("README.md").matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path = ""]) => path);
    expect(pictures).not.toEqual([]);
    for (const path of pictures) expect(readFileSync(join(ROOT, path)).subarray(1, 4).toString()).toBe("PNG");
  });
});

describe("commands, menus and keys", () => {
  it("have a category and a title that begins with a capital and ends without a full stop", () => {
    for (const { command, title, category } of commands) {
      expect(category, command).toBe("Rockpool");
      const text = texts[title.slice(1, -1)] ?? "";
      expect(text, command).toMatch(/^[A-Z][A-Za-z.' -]*…?$/);
      expect(text, command).not.toMatch(/\.$/);
    }
  });

  it("use only operators that the editor knows: a condition that it cannot read counts as true", () => {
    const operators = /!==?|===?|=~|&&|\|\||>=?|<=?|!|\bnot in\b|\bin\b/g;
    for (const condition of conditions()) {
      const rest = condition
        .replace(/\/(?:[^/\\]|\\.)+\/i?/g, "")
        .replace(operators, " ")
        .replace(/'[^']*'/g, " ");
      expect(rest, condition).toMatch(/^[\w.:\s()-]*$/);
      expect(condition, condition).not.toMatch(/!~/);
    }
  });

  it("depend only on context keys that the extension sets, and each of these is used", () => {
    const keysFile = read("src/vscode/context-keys.ts");
    const declared = [...keysFile.matchAll(/\| "(\w+)"|"rockpool\.(\w+)"/g)].map(
      ([, key, whole]) => key ?? whole,
    );
    const views = contributes.views;
    const ids = new Set(
      Object.values(views).flatMap((list) => (list as { id: string }[]).map(({ id }) => id)),
    );
    const used = [...JSON.stringify(conditions()).matchAll(/rockpool\.(\w+)/g)].map(([, key]) => key ?? "");
    const completions = [...JSON.stringify(contributes.walkthroughs).matchAll(/onContext:rockpool\.(\w+)/g)];
    const keys = new Set(
      [...used, ...completions.map(([, key]) => key ?? "")].filter((key) => !ids.has(`rockpool.${key}`)),
    );
    expect([...keys].filter((key) => !declared.includes(key) && !isView(key))).toEqual([]);
    expect(declared.filter((key) => !keys.has(key ?? ""))).toEqual([]);
  });

  it("take a key only in an SQL editor that has a connection", () => {
    for (const { when } of contributes.keybindings) {
      const isBound = "rockpool.connected && resourcePath not in rockpool.unbound";
      expect(when).toContain(`editorTextFocus && editorLangId == sql && ${isBound}`);
    }
  });

  it("offer to run nothing in an editor that is to have no connection", () => {
    const { "editor/title/run": title, "editor/context": context } = contributes.menus;
    expect([...title, ...context].length).toBeGreaterThan(4);
    for (const { command, when } of [...title, ...context])
      expect(when, command).toContain("resourcePath not in rockpool.unbound");
  });

  it("that need a context are hidden from the palette without it", () => {
    const hidden = contributes.menus.commandPalette
      .filter(({ when }: { when: string }) => when === "false")
      .map(({ command }: { command: string }) => command);
    expect(hidden).toEqual(
      expect.arrayContaining(["rockpool.connectTo", "rockpool.connectFound", "rockpool.saveConnection"]),
    );
  });
});

/** Context values of webviews are named by the view. */
function isView(key: string): boolean {
  return (
    JSON.stringify(contributes).includes(`"webviewId == rockpool.${key}`) ||
    /^(?:results|dashboard|pools|connections)\w*$/.test(key)
  );
}

describe("views", () => {
  it("are at most four in one container of the activity bar", () => {
    expect(contributes.viewsContainers.activitybar).toHaveLength(1);
    expect(contributes.views.rockpool.length).toBeLessThanOrEqual(4);
  });

  it("say what to do while they are empty", () => {
    const welcomed = contributes.viewsWelcome.map(({ view }: { view: string }) => view);
    for (const { id, type } of contributes.views.rockpool)
      if (type === undefined) expect(welcomed).toContain(id);
  });

  it("of the web are made by the one function that writes the policy, and are not kept in memory while hidden", () => {
    for (const [, made] of source.matchAll(/\.html = (\w+)/g)) expect(made).toBe("webviewPage");
    const page = read("src/vscode/webview-page.ts");
    expect(page).toContain("default-src 'none'");
    expect(page).toContain("script-src 'nonce-");
    expect(page).not.toContain("unsafe");
    expect(source).not.toContain("retainContextWhenHidden");
  });

  it("that are panels come back after a reload", () => {
    const made = [...source.matchAll(/createWebviewPanel\(\s*(\w+)/g)].map(([, type]) => type);
    const restored = [...source.matchAll(/registerWebviewPanelSerializer\(\s*(\w+)/g)].map(
      ([, type]) => type,
    );
    expect(made.filter((type) => !restored.includes(type))).toEqual([]);
    const names = made.map((type) => new RegExp(`const ${type} = "([^"]+)"`).exec(source)?.[1]);
    const events = names.map((name) => `onWebviewPanel:${name}`);
    expect(manifest.activationEvents).toEqual(expect.arrayContaining(events));
  });

  it("take every colour from the theme, and wait on no timer", () => {
    const colours = styles
      .replace(/var\([^)]*\)/g, "")
      .match(/#[0-9a-f]{3,8}\b|\brgba?\([^)]*\)|\bhsla?\([^)]*\)/gi);
    expect(colours ?? []).toEqual([]);
    expect(webviews).not.toMatch(/\bset(?:Timeout|Interval)\(/);
  });
});

describe("settings", () => {
  it("are named by area, described, ordered and scoped", () => {
    for (const [name, { markdownDescription, order, scope }] of settings) {
      expect(name).toMatch(/^rockpool\.(?:connections|autoConnect|[a-z]+\.[a-zA-Z]+)$/);
      expect(texts[markdownDescription?.slice(1, -1) ?? ""], name).toBeTruthy();
      expect(order, name).toBeTypeOf("number");
      expect(["application", "machine", "machine-overridable", "window", "resource"], name).toContain(scope);
    }
  });

  it("with a choice explain each, and numbers have a least value", () => {
    for (const [name, setting] of settings) {
      if (setting.enum !== undefined)
        expect(setting.enumDescriptions, name).toHaveLength(setting.enum.length);
      if ([setting.type].flat().includes("integer")) expect(setting.minimum, name).toBeTypeOf("number");
    }
  });

  it("hold no password", () => {
    expect(JSON.stringify(settings)).not.toMatch(/"password\w*":/i);
  });
});

describe("trust, places, languages", () => {
  it("leaves to an untrusted workspace nothing that says where to connect, and offers nothing that runs", () => {
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(supported).toBe("limited");
    expect(restrictedConfigurations).toEqual(
      expect.arrayContaining(["rockpool.connections", "rockpool.autoConnect", "rockpool.discovery.enabled"]),
    );
    const runs = commands.filter(({ command }) =>
      /^rockpool\.(?:connect\w*|testConnection|run\.(?!cancel)\w+)$/.test(command),
    );
    expect(runs.length).toBeGreaterThan(6);
    for (const run of runs) expect(run, run.command).toHaveProperty("enablement", "isWorkspaceTrusted");
  });

  it("works on files that are on no disk, and asks in one place for the path of one that is", () => {
    expect(manifest.capabilities.virtualWorkspaces).toBe(true);
    expect(source.match(/\.fsPath/g)).toHaveLength(1);
  });

  it("sends nothing anywhere, and offers no tools to models", () => {
    expect(source).not.toMatch(/createTelemetryLogger|sendTelemetryEvent/);
    expect(contributes.languageModelTools).toBeUndefined();
  });

  it("has one walkthrough of at most five steps, each with an end and a picture in the theme's colours", () => {
    expect(contributes.walkthroughs).toHaveLength(1);
    const { steps } = contributes.walkthroughs[0];
    expect(steps.length).toBeLessThanOrEqual(5);
    for (const { completionEvents, media } of steps) {
      expect(completionEvents.length).toBeGreaterThan(0);
      const svg = read(media.svg);
      expect(svg).toContain("var(--vscode-");
      expect(svg.replace(/var\([^)]*\)/g, "")).not.toMatch(/#[0-9a-f]{3,8}\b/i);
    }
  });
});

describe("the README", () => {
  it("names tests that exist for each complaint that it answers", () => {
    const table = read("README.md").split("## What people complain about")[1] ?? "";
    const rows = table.split("\n").filter((line) => line.startsWith("| ") && line.includes("#"));
    const named = rows.map((row) => /`(test\/[^`]+\.test\.ts)`\s*\|$/.exec(row)?.[1] ?? row);
    expect(rows.length).toBeGreaterThanOrEqual(20);
    const existing = files("test", ".test.ts");
    expect(named.filter((file) => !existing.includes(file))).toEqual([]);
  });
});
