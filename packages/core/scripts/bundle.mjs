// Puts what the compiler made of core into one file: importing some 150 small modules took three times as long as importing pg.
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const entry = join(dist, "index.js");

await build({
  entryPoints: [entry],
  outfile: entry,
  allowOverwrite: true,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  target: "node20.19",
  // Names of classes and functions show in stacks and in `error.name`.
  minify: false,
  legalComments: "none",
  logLevel: "error",
});

for (const file of await readdir(dist, { recursive: true })) {
  if (file.endsWith(".js") && file !== "index.js") await rm(join(dist, file));
}
