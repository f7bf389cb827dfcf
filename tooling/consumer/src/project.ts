import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const repository = fileURLToPath(new URL("../../..", import.meta.url));
const readmes = { root: "README.md", core: "packages/core/README.md", otel: "packages/otel/README.md" };
const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));

/** What an outer npm or pnpm set for its own run would steer the inner one wrongly. */
function cleanEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      (!/^(npm|pnpm)_/i.test(entry[0]) ||
        /^npm_config_(registry|cache|userconfig|globalconfig)$/i.test(entry[0])) &&
      !/^(NODE_OPTIONS|INIT_CWD|VITEST.*|NODE_ENV|OTEL_.*)$/.test(entry[0]),
  );
  return { ...Object.fromEntries(kept), ...extra };
}

/** Packs one package of the workspace as it would be published, and returns the tarball's path. */
export async function packPackage(folder: string, destination: string): Promise<string> {
  await mkdir(destination, { recursive: true });
  await run("npx", ["-y", "pnpm@12.21.0", "pack", "--pack-destination", destination], {
    cwd: join(repository, folder),
    env: cleanEnvironment(),
  });
  const name = folder.split("/").at(-1);
  const tarball = (await readdir(destination)).find((file) => file.includes(`-${name}-`));
  if (tarball === undefined) throw new Error(`pnpm pack of ${folder} left no tarball in ${destination}`);
  return join(destination, tarball);
}

/** The TypeScript blocks of a README, as files of their own. */
async function readmeBlocks(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const [name, path] of Object.entries(readmes)) {
    const text = await readFile(join(repository, path), "utf8");
    for (const [index, block] of [...text.matchAll(/^```ts\n(.*?)^```$/gms)].entries()) {
      files.set(`readme-${name}-${index + 1}.ts`, block[1] ?? "");
    }
  }
  return files;
}

/** Where the `node` of another major version lies once npm has installed it. */
export async function installNode(version: string, folder: string): Promise<string> {
  const name = `node-${process.platform}-${process.arch}`;
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), "{}");
  await run("npm", ["install", "--no-audit", "--no-fund", `${name}@${version}`], {
    cwd: folder,
    env: cleanEnvironment(),
  });
  return join(folder, "node_modules", name, "bin", "node");
}

/** What a program that failed had printed; `execFile` leaves it on the error. */
function outputOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  const stdout = "stdout" in error ? String(error.stdout) : "";
  const stderr = "stderr" in error ? String(error.stderr) : "";
  return `${stdout}\n${stderr}`;
}

/** An empty npm project outside the workspace, with a Node of its own. */
export class Project {
  readonly folder: string;
  readonly #node: string;

  private constructor(folder: string, node: string) {
    this.folder = folder;
    this.#node = node;
  }

  /** @param options.tarballs - what to install, beside the packages that their peers demand. */
  static async create(options: {
    node: string;
    tarballs: readonly string[];
    packages: readonly string[];
  }): Promise<Project> {
    const folder = await mkdtemp(join(tmpdir(), "rockpool-consumer-"));
    const project = new Project(folder, options.node);
    await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module", private: true }));
    await cp(fixtures, folder, { recursive: true });
    for (const [file, text] of await readmeBlocks()) await writeFile(join(folder, file), text);
    const { stdout } = await run("npm", ["root", "--global"], { env: cleanEnvironment() });
    const npm = join(stdout.trim(), "npm", "bin", "npm-cli.js");
    await project.node([npm, "install", "--no-audit", "--no-fund", ...options.tarballs, ...options.packages]);
    return project;
  }

  /** Runs the project's Node and resolves to what it printed; rejects with all of its output when it fails. */
  async node(parameters: readonly string[], environment: Record<string, string> = {}): Promise<string> {
    try {
      const result = await run(this.#node, [...parameters], {
        cwd: this.folder,
        env: cleanEnvironment({ PATH: `${join(this.#node, "..")}:${process.env.PATH}`, ...environment }),
      });
      return result.stdout;
    } catch (error) {
      throw new Error(`node ${parameters.join(" ")} failed\n${outputOf(error)}`, { cause: error });
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
