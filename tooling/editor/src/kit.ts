import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { EditorError } from "./editor-error.ts";

/** The lock files and stand-ins that an installation is made of. */
export const KIT_FOLDER: string = join(dirname(fileURLToPath(import.meta.url)), "..", "kit");

const INPUTS = [
  "package.json",
  "package-lock.json",
  "server/package.json",
  "server/package-lock.json",
  "stubs/spdlog/index.js",
  "stubs/native-watchdog/index.js",
];

// To be raised when the steps of an installation change while its inputs stay.
const RECIPE = 1;

/** Where an installation has what. */
export interface EditorKit {
  readonly folder: string;
  /** The Node.js that runs the server. */
  readonly node: string;
  /** The server's main script. */
  readonly entry: string;
  /** The workbench inside it. */
  readonly workbench: string;
}

/** The folder of this version's installation, which changes with everything that it is made of. */
export function kitCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const root = environment.XDG_CACHE_HOME || join(homedir(), ".cache");
  return join(root, "rockpool", `editor-${fingerprint()}`);
}

function fingerprint(): string {
  const hash = createHash("sha256").update(`${RECIPE} ${process.platform} ${process.arch}\n`);
  for (const input of INPUTS) hash.update(`${input}\n`).update(readFileSync(join(KIT_FOLDER, input)));
  return hash.digest("hex").slice(0, 12);
}

export function kitIn(folder: string): EditorKit {
  const modules = join(folder, "node_modules");
  const bundled = join(modules, `node-${process.platform}-${process.arch}`, "bin", "node");
  return {
    folder,
    node: existsSync(bundled) ? bundled : process.execPath,
    entry: join(modules, "code-server", "out", "node", "entry.js"),
    workbench: join(modules, "code-server", "lib", "vscode"),
  };
}

/**
 * Refuses a machine on which the server cannot run.
 *
 * @throws {EditorError} with what to do instead
 */
export function requireSupportedPlatform(platform: string, arch: string, nodeVersion: string): void {
  if (platform === "linux" && (arch === "x64" || arch === "arm64")) return;
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  // The workbench needs module.registerHooks.
  const isNodeNewEnough = major > 22 || (major === 22 && minor >= 15);
  if (platform === "darwin" && isNodeNewEnough) return;
  const remedy =
    platform === "darwin"
      ? "Run it with Node.js 22.15 or newer"
      : "Run it on Linux (x64, arm64), in WSL or in a container";
  throw new EditorError(
    "EDITOR_PLATFORM",
    `The editor does not run on ${platform}-${arch} with Node.js ${nodeVersion}. ${remedy}, or do without it: npm start -- --no-editor`,
  );
}
