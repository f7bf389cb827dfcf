// Makes dist/rockpool.vsix from what `build` made. The extension is staged with a manifest of its own, since the packager
// cannot read the workspace's `catalog:` versions, and users need neither scripts nor development dependencies.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const stage = join(root, "dist", "stage");
const target = join(root, "dist", "rockpool.vsix");

const {
  scripts,
  devDependencies,
  private: _,
  ...manifest
} = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

rmSync(target, { force: true });
rmSync(stage, { recursive: true, force: true });
mkdirSync(stage, { recursive: true });
for (const file of manifest.files) cpSync(join(root, file), join(stage, file), { recursive: true });
writeFileSync(join(stage, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);

const vsce = createRequire(import.meta.url).resolve("@vscode/vsce/vsce");
// The pictures of the README lie beside the other packages, which the marketplace does not have.
const images = `${manifest.repository.url.replace(/\.git$/, "")}/raw/HEAD/${manifest.repository.directory}`;
const { status } = spawnSync(
  process.execPath,
  [vsce, "package", "--no-dependencies", "--baseImagesUrl", images, "--out", target],
  { cwd: stage, stdio: "inherit" },
);
rmSync(stage, { recursive: true, force: true });
process.exitCode = status ?? 1;
