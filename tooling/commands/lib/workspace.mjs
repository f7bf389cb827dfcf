import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mustRun } from "./step.mjs";

const PARENTS = ["packages", "tooling", "apps"];

/**
 * @typedef {{ name: string, folder: string, scripts: Record<string, string> }} WorkspacePackage
 */

/**
 * The packages of the workspace, libraries before the tools and applications that are built on them.
 *
 * @param {string} root
 * @returns {WorkspacePackage[]}
 */
export function workspacePackages(root) {
  return PARENTS.flatMap((parent) => packagesBelow(join(root, parent)));
}

/** @param {string} parent */
function packagesBelow(parent) {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .sort()
    .map((name) => join(parent, name))
    .filter((folder) => existsSync(join(folder, "package.json")))
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      return { name: manifest.name ?? folder, folder, scripts: manifest.scripts ?? {} };
    });
}

/**
 * The pinned pnpm, which npx brings: nobody needs to have one.
 *
 * @param {string} root
 * @returns {readonly string[]}
 */
export function pnpmCommand(root) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return ["npx", "-y", packageManager];
}

/**
 * @param {string} root
 * @param {import("./step.mjs").StepOptions} options
 */
export async function install(root, options) {
  // With CI set, pnpm asks no question: there may be nobody to answer it.
  const env = { ...(options.env ?? quietEnvironment()), CI: process.env.CI || "true" };
  await mustRun("install the workspace", [...pnpmCommand(root), "install", "--frozen-lockfile"], {
    ...options,
    env,
  });
}

/** The environment for tools that would otherwise report their use. */
export function quietEnvironment() {
  return { ...process.env, TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", TURBO_NO_UPDATE_NOTIFIER: "1" };
}
