import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");

async function bundle(entry: string) {
  const result = await build({
    entryPoints: [resolve(ROOT, entry)],
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "error",
  });
  return {
    code: result.outputFiles[0]?.contents ?? new Uint8Array(),
    inputs: Object.keys(result.metafile.inputs),
  };
}

test.each(["src/timeline/index.ts", "src/receiver/index.ts", "src/cli/main.ts"])(
  "%s needs neither the SDK nor the API nor core",
  async (entry) => {
    const { inputs } = await bundleAs(entry);
    expect(inputs.filter((input) => /@opentelemetry|packages\/core|node_modules\/pg/.test(input))).toEqual(
      [],
    );
  },
);

/** The program awaits at its top, which a CommonJS bundle cannot. */
async function bundleAs(entry: string) {
  return await bundle(entry === "src/cli/main.ts" ? "src/cli/timeline-command.ts" : entry);
}

test("what an editor bundles stays small", async () => {
  const { code: timeline } = await bundle("src/timeline/index.ts");
  const { code: receiver } = await bundle("src/receiver/index.ts");
  expect(gzipSync(timeline).length).toBeLessThan(21_000);
  expect(gzipSync(receiver).length).toBeLessThan(40_000);
});

test("a bundled receiver works", async () => {
  const { code } = await bundle("src/receiver/index.ts");
  const loaded: { exports: { OtlpReceiver?: typeof import("../src/receiver/index.ts").OtlpReceiver } } = {
    exports: {},
  };
  const { createRequire } = await import("node:module");
  const run: unknown = new Function("module", "exports", "require", Buffer.from(code).toString());
  if (typeof run !== "function") throw new Error("bug: a function constructor made none");
  run(loaded, loaded.exports, createRequire(import.meta.url));
  const receiver = await loaded.exports.OtlpReceiver?.start({ port: 0 });
  const response = await fetch(`${receiver?.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/x-protobuf" },
    body: "",
  });
  await receiver?.close();
  expect(response.status).toBe(200);
});
