// Bundles the extension: the part that activates, the chunks that the first connection and the receiver load, and the views.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { thirdPartyNotices } from "./third-party-notices.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The driver has two optional parts that never apply here: a native client and a Cloudflare socket. */
const absent = ["pg-native", "cloudflare:sockets", "pg-cloudflare"];

/** Modules by the name of their chunk. */
const chunks = {
  database: "src/database/open-database.ts",
  receiver: "src/features/receiver/open-receiver.ts",
};

/** `import("…/open-….ts")` becomes a chunk of its own, which a CommonJS bundle cannot split off by itself. */
const chunkImports = {
  name: "chunk-imports",
  setup({ onResolve }) {
    onResolve({ filter: /\/open-\w+\.ts$/ }, ({ kind, path }) => {
      const [name] = Object.entries(chunks).find(([, file]) => basename(file) === basename(path)) ?? [];
      return kind === "dynamic-import" && name ? { path: `./${name}.js`, external: true } : undefined;
    });
  },
};

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  sourcemap: false,
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
  conditions: ["rockpool-source"],
};

const host = { ...common, platform: "node", format: "cjs", target: "node20" };

rmSync(new URL("../dist", import.meta.url), { recursive: true, force: true });
const results = await Promise.all([
  build({
    ...host,
    entryPoints: { extension: "src/extension.ts" },
    outdir: "dist",
    external: ["vscode"],
    plugins: [chunkImports],
  }),
  build({
    ...host,
    entryPoints: chunks,
    outdir: "dist",
    external: absent,
  }),
  build({
    ...common,
    platform: "browser",
    format: "esm",
    target: "chrome130",
    entryPoints: {
      results: "webviews/results/main.ts",
      pool: "webviews/pool/main.ts",
    },
    outdir: "dist/webviews",
  }),
]);

writeFileSync(
  new URL("../dist/THIRD-PARTY-NOTICES.txt", import.meta.url),
  thirdPartyNotices(
    root,
    results.map(({ metafile }) => metafile),
  ),
);

// A syntax check of what was made, so that a broken bundle fails here and not in an editor.
createRequire(import.meta.url)("node:vm").compileFunction(
  readFileSync(new URL("../dist/extension.js", import.meta.url), "utf8"),
);
