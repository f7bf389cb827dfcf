import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Core as it would be without a line of telemetry: its composition root is replaced by one that does nothing. */
const silence = `
const checkout = { waiting() {}, granted() {}, failed() {}, aborted() {}, discarded() {}, leakSuspected() {}, released() {}, run: (callback) => callback() };
const life = (identity) => ({ identity, useCount: 0, maintenance: () => null, closed() {} });
export const createPoolTelemetry = () => ({
  observer: null,
  sharedObserver: null,
  startCheckout: () => checkout,
  startConnect: () => ({ observer: null, run: (connect) => connect(), opened: life, failed() {} }),
  refresh() {},
  close() {},
});
`;

/** Beside the packages of the bench, so that both cores share one driver. */
const packages = fileURLToPath(new URL("../../node_modules", import.meta.url));

export async function loadWithoutTelemetry(): Promise<typeof import("@rockpool/core")> {
  const folder = await mkdtemp(join(packages, ".without-telemetry-"));
  try {
    const outfile = join(folder, "core.mjs");
    const require = createRequire(import.meta.url);
    await build({
      entryPoints: [require.resolve("@rockpool/core/package.json").replace("package.json", "src/index.ts")],
      outfile,
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      target: "node20.19",
      logLevel: "error",
      plugins: [
        {
          name: "silence",
          setup: ({ onLoad }) => {
            onLoad({ filter: /telemetry[\\/]create-pool-telemetry\.ts$/ }, () => ({
              contents: silence,
              loader: "js",
            }));
          },
        },
      ],
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
