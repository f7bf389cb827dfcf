import { ok } from "node:assert/strict";
import Module from "node:module";
import { type Extension, extensions } from "vscode";
import type { RockpoolApi } from "../../../src/extension.ts";

export function rockpool(): Extension<RockpoolApi> {
  const extension = extensions.getExtension<RockpoolApi>("rockpool.rockpool");
  ok(extension, "the packaged extension is installed");
  return extension;
}

/** The extension's own files that this process has loaded, by name. */
export function loadedFiles(): string[] {
  const cache: unknown = Reflect.get(Module, "_cache");
  const paths = typeof cache === "object" && cache !== null ? Object.keys(cache) : [];
  return paths.flatMap((path) => /rockpool\.rockpool-[^/]+\/dist\/(.+)$/.exec(path)?.[1] ?? []);
}

/** Resolves when the condition holds; fails by the test's own timeout. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
