import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { exportStrings } from "../../scripts/export-strings.mjs";

const ROOT = join(import.meta.dirname, "..", "..");

function readJson(file: string) {
  return JSON.parse(readFileSync(join(ROOT, file), "utf8"));
}

const manifest = readJson("package.json");
const texts: Record<string, string> = readJson("package.nls.json");

function sources(): string {
  const files = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(ROOT, "src", file), "utf8"))
    .join("\n");
}

const declared: string[] = manifest.contributes.commands.map(({ command }: { command: string }) => command);
const settings: string[] = manifest.contributes.configuration.flatMap(
  ({ properties }: { properties: object }) => Object.keys(properties),
);

/** A part of the README by its heading. */
function section(heading: string): string {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  return readme.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
}

describe("the manifest", () => {
  it("declares exactly the commands that are registered", () => {
    const registered = [...sources().matchAll(/registerCommand\(\s*"([^"]+)"/g)].map(([, name]) => name);
    expect([...registered].sort()).toEqual([...declared].sort());
  });

  it("names only commands that exist in menus and keys", () => {
    const { menus, keybindings } = manifest.contributes;
    const used = [...Object.values(menus).flat(), ...keybindings] as { command: string }[];
    expect(used.filter(({ command }) => !declared.includes(command))).toEqual([]);
  });

  it("offers in the menu of a row, which the keyboard reaches, whatever the row's buttons offer", () => {
    const entries: { command: string; group: string }[] = manifest.contributes.menus["view/item/context"];
    const isButton = ({ group }: { group: string }) => group.startsWith("inline");
    const inMenu = entries.filter((entry) => !isButton(entry)).map(({ command }) => command);
    const onButtons = entries.filter(isButton).map(({ command }) => command);
    expect(onButtons.length).toBeGreaterThan(10);
    expect(onButtons.filter((button) => !inMenu.includes(button))).toEqual([]);
  });

  it("declares exactly the settings that are read", () => {
    const read = [...sources().matchAll(/read(?:Own)?(?:<[^>(]*>)?\("([^"]+)"/g)].map(
      ([, key]) => `rockpool.${key}`,
    );
    expect([...new Set([...read, "rockpool.connections"])].sort()).toEqual([...settings].sort());
  });

  it("lists each setting with its default in the README, and no other", () => {
    const table = section("Settings").matchAll(/^\| `(rockpool\.[\w.]+)`\s*\| `([^`]*)`/gm);
    const rows = [...table].map(([, name, value]) => [name, value]);
    const properties = manifest.contributes.configuration.flatMap(
      ({ properties }: { properties: Record<string, { default: unknown }> }) => Object.entries(properties),
    );
    const wanted = properties.map(([name, { default: value }]: [string, { default: unknown }]) => [
      name,
      value !== "" && typeof value === "string" ? value : JSON.stringify(value),
    ]);
    expect(rows.sort()).toEqual(wanted.sort());
  });

  it("lists each command of the palette in the README, and no other", () => {
    const hidden = new Set(
      manifest.contributes.menus.commandPalette
        .filter(({ when }: { when: string }) => when === "false")
        .map(({ command }: { command: string }) => command),
    );
    const shown = manifest.contributes.commands.filter(
      ({ command }: { command: string }) => !hidden.has(command),
    );
    const titles = shown.map(({ title }: { title: string }) => texts[title.slice(1, -1)]);
    const rows = section("Commands and keys").match(/^\| \w+\s+\| \*\*.*$/gm) ?? [];
    const named = [...rows.join("\n").matchAll(/\*\*([^*]+)\*\*/g)].map(([, title]) => title);
    expect(named.sort()).toEqual(titles.sort());
  });

  it("lists each key in the README with its command", () => {
    const rows = section("Commands and keys").matchAll(/^\| `([^`]+)`\s*\| `([^`]+)`\s*\| \*\*([^*]+)\*\*/gm);
    const keys = manifest.contributes.keybindings.map(
      ({ key, mac, command }: { key: string; mac: string; command: string }) => {
        const { title } = manifest.contributes.commands.find(
          (each: { command: string }) => each.command === command,
        );
        return [key, mac, texts[title.slice(1, -1)]];
      },
    );
    const listed = [...rows].map(([, key = "", mac = "", title]) => [
      key.toLowerCase(),
      mac.toLowerCase(),
      title,
    ]);
    expect(listed.sort()).toEqual(keys.sort());
  });

  it("takes each text from package.nls.json, and no text there is unused", () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
    expect([...new Set(used)].sort()).toEqual(Object.keys(texts).sort());
  });

  it("never activates on everything, and keeps its keys to SQL editors that have a connection", () => {
    expect(manifest.activationEvents).toEqual([
      "onLanguage:sql",
      "onDebugResolve:node",
      "onWebviewPanel:rockpool.dashboardEditor",
      "onWebviewPanel:rockpool.resultsEditor",
    ]);
    for (const { when } of manifest.contributes.keybindings) {
      expect(when).toMatch(/editorTextFocus && editorLangId == sql && rockpool\.connected/);
      expect(when).toContain("resourcePath not in rockpool.unbound");
    }
  });

  it("ignores what an untrusted workspace says about connections", () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(restrictedConfigurations).toContain("rockpool.connections");
    expect(settings).toEqual(expect.arrayContaining(restrictedConfigurations));
  });
});

describe("the receiver", () => {
  const receiver = manifest.contributes.configuration
    .flatMap(({ properties }: { properties: object }) => Object.entries(properties))
    .filter(([name]: [string]) => name.startsWith("rockpool.receiver."));

  it("is off until its user switches it on, in settings that no workspace can write", () => {
    expect(Object.fromEntries(receiver)).toMatchObject({
      "rockpool.receiver.enabled": { default: false, scope: "machine" },
      "rockpool.receiver.port": { default: 0, scope: "machine" },
      "rockpool.receiver.environment": { default: "add", scope: "machine" },
    });
  });

  it("is switched on by nothing in a workspace that is not trusted", () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(restrictedConfigurations).toEqual(
      expect.arrayContaining(receiver.map(([name]: [string]) => name)),
    );
    const start = manifest.contributes.commands.find(
      ({ command }: { command: string }) => command === "rockpool.receiver.start",
    );
    expect(start.enablement).toContain("isWorkspaceTrusted");
  });
});

describe("the texts for translators", () => {
  it("are those that the code shows", () => {
    expect(readJson("l10n/bundle.l10n.json")).toEqual(exportStrings());
  });
});
