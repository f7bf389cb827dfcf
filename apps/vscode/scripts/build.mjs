// Bundles the extension: the part that activates, the database chunk that the first connection loads, and the views.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { thirdPartyNotices } from "./third-party-notices.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The driver has two optional parts that never apply here: a native client and a Cloudflare socket. */
const absent = ["pg-native", "cloudflare:sockets", "pg-cloudflare"];

/** `import("…/database/open-database.ts")` becomes a chunk of its own, which a CommonJS bundle cannot split off by itself. */
const databaseChunk = {
  name: "database-chunk",
  setup({ onResolve }) {
    onResolve({ filter: /\/database\/open-database\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: "./database.js", external: true } : undefined,
    );
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
    plugins: [databaseChunk],
  }),
  build({
    ...host,
    entryPoints: { database: "src/database/open-database.ts" },
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
