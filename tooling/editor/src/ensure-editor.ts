import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { EditorError } from "./editor-error.ts";
import { guardFolder } from "./guard.ts";
import { takeInstallLock } from "./install-lock.ts";
import { type EditorKit, KIT_FOLDER, kitCacheFolder, kitIn, requireSupportedPlatform } from "./kit.ts";
import { installError, installLocked } from "./run-npm.ts";

export interface EnsureEditorOptions {
  /** Where the installation is or will be. Default: a folder below the user's cache folder. */
  readonly folder?: string;
  /** Called with a line for a person at each step that can take long. */
  readonly onProgress?: (line: string) => void;
  /** Ends the installation and removes what there is of it. */
  readonly signal?: AbortSignal;
}

// Built-in extensions that call home, need an account, or need the `typescript` package.
const DROPPED_EXTENSIONS = [
  "copilot",
  "github",
  "github-authentication",
  "mermaid-markdown-features",
  "microsoft-authentication",
  "ms-vscode.js-debug-companion",
  "ms-vscode.vscode-js-profile-table",
  "tunnel-forwarding",
  "typescript-language-features",
];

/**
 * The VS Code workbench server, installed from the npm registry into the user's cache folder where it is missing.
 *
 * What is there under its final name is whole: an installation is made beside it and renamed.
 *
 * @throws {EditorError} where the platform has none, the registry cannot be reached or the disk is full.
 */
export async function ensureEditor(options: EnsureEditorOptions = {}): Promise<EditorKit> {
  const { folder = kitCacheFolder(), onProgress = () => {}, signal } = options;
  const isInstalled = (): boolean => existsSync(join(folder, "complete"));
  if (isInstalled()) return kitIn(folder);
  requireSupportedPlatform(process.platform, process.arch, process.versions.node);
  makeFolder(dirname(folder));
  const onWait = (): void => onProgress("another process installs the editor; waiting for it");
  const release = await takeInstallLock(`${folder}.lock`, { isDone: isInstalled, onWait, signal });
  if (release === null) return kitIn(folder);
  try {
    await install(folder, onProgress, signal);
  } finally {
    release();
  }
  return kitIn(folder);
}

async function install(
  folder: string,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const draft = `${folder}.draft-${process.pid}`;
  const release = guardFolder(draft);
  try {
    rmSync(draft, { recursive: true, force: true });
    makeFolder(draft);
    await fill(draft, onProgress, signal);
    publish(draft, folder);
    onProgress("the editor is installed");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC")
      throw installError(error.message);
    throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true, maxRetries: 5 });
    release();
  }
}

async function fill(
  draft: string,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  onProgress("downloading the editor, once: VS Code and a Node.js for it (160 MB)");
  copyManifest(KIT_FOLDER, draft);
  await installLocked(draft, signal);
  const kit = kitIn(draft);
  onProgress("downloading the packages that its server needs");
  await installServerPackages(kit, signal);
  trim(kit);
  prove(kit);
}

/** The server's own packages, locked here: the shrinkwrap that it ships with does not install. */
async function installServerPackages(
  { workbench }: EditorKit,
  signal: AbortSignal | undefined,
): Promise<void> {
  const manifest = join(workbench, "package.json");
  const original = join(workbench, "package.original.json");
  rmSync(join(workbench, "npm-shrinkwrap.json"), { force: true });
  renameSync(manifest, original);
  copyManifest(join(KIT_FOLDER, "server"), workbench);
  await installLocked(workbench, signal);
  rmSync(join(workbench, "package-lock.json"));
  renameSync(original, manifest);
  cpSync(join(KIT_FOLDER, "stubs"), join(workbench, "node_modules", "@vscode"), { recursive: true });
}

function copyManifest(from: string, to: string): void {
  for (const name of ["package.json", "package-lock.json"]) cpSync(join(from, name), join(to, name));
}

/** Removes what is never used here, and makes the link that the skipped install script would make. */
function trim({ workbench }: EditorKit): void {
  for (const name of DROPPED_EXTENSIONS) {
    rmSync(join(workbench, "extensions", name), { recursive: true, force: true });
  }
  const ripgrep = join(workbench, "node_modules", "@vscode", "ripgrep-universal", "bin");
  for (const name of existsSync(ripgrep) ? readdirSync(ripgrep) : []) {
    if (name !== `${process.platform}-${process.arch}`) rmSync(join(ripgrep, name), { recursive: true });
  }
  const commands = join(workbench, "bin", "remote-cli");
  const link = join(commands, "code-server");
  if (existsSync(commands) && !existsSync(link)) {
    symlinkSync(process.platform === "darwin" ? "code-darwin.sh" : "code-linux.sh", link);
  }
}

function prove({ folder, node, entry }: EditorKit): void {
  const env = { ...process.env, XDG_CONFIG_HOME: join(folder, "config"), NODE_OPTIONS: "" };
  const { status, stdout, stderr } = spawnSync(node, [entry, "--version"], { encoding: "utf8", env });
  if (status !== 0)
    throw new EditorError("EDITOR_INSTALL", `The installed editor does not start:\n${stdout}${stderr}`);
  writeFileSync(join(folder, "complete"), stdout);
}

function publish(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    if (!existsSync(join(folder, "complete"))) throw error;
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw installError(error instanceof Error ? error.message : String(error));
  }
}
