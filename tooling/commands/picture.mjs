// Makes the README's pictures of the editor again: `node tooling/commands/picture.mjs`. Needs Chromium.
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { reportFailure } from "./lib/failure.mjs";
import { Interrupted, listenForInterrupts } from "./lib/interrupt.mjs";
import { requireNode } from "./lib/node-version.mjs";
import { mustRun } from "./lib/step.mjs";
import { install, pnpmCommand, quietEnvironment } from "./lib/workspace.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const EXTENSION = join(ROOT, "apps", "vscode");
const PROGRAM = join(ROOT, "apps", "playground", "dist", "picture", "take-pictures.js");

const interrupts = listenForInterrupts();
const step = {
  cwd: ROOT,
  env: quietEnvironment(),
  signal: interrupts.signal,
  progress: (/** @type {string} */ line) => console.log(line),
};

try {
  requireNode(process.versions.node);
  await install(ROOT, step);
  await mustRun("build", [...pnpmCommand(ROOT), "exec", "turbo", "run", "build"], step);
  await mustRun("package the extension", [...pnpmCommand(ROOT), "run", "package"], {
    ...step,
    cwd: EXTENSION,
  });
  const { takePictures } = await import(pathToFileURL(PROGRAM).href);
  await takePictures({
    vsix: join(EXTENSION, "dist", "rockpool.vsix"),
    folder: join(ROOT, "docs", "images"),
    onProgress: step.progress,
    signal: interrupts.signal,
  });
} catch (error) {
  process.exitCode =
    error instanceof Interrupted
      ? interrupts.exitCode()
      : reportFailure(error, (text) => process.stderr.write(text));
}
