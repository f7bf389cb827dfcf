#!/usr/bin/env node
// Generates src/receiver/generated/otlp_pb.ts from proto/otlp.proto. The two generators run from a folder of their own, since
// they are needed only when the file changes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PACKAGES = ["@bufbuild/buf@1.75.0", "@bufbuild/protoc-gen-es@2.17.0"];
const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "rockpool-otlp-"));

try {
  execFileSync("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", ...PACKAGES], {
    stdio: "inherit",
  });
  const template = {
    version: "v2",
    plugins: [
      {
        local: join(folder, "node_modules/.bin/protoc-gen-es"),
        out: join(root, "src/receiver/generated"),
        opt: ["target=ts"],
      },
    ],
  };
  writeFileSync(join(folder, "buf.gen.yaml"), JSON.stringify(template));
  execFileSync(
    join(folder, "node_modules/.bin/buf"),
    ["generate", join(root, "proto"), "--template", join(folder, "buf.gen.yaml")],
    { stdio: "inherit" },
  );
  const output = join(root, "src/receiver/generated/otlp_pb.ts");
  const text = readFileSync(output, "utf8").replace("/* eslint-disable */\n", "");
  writeFileSync(
    output,
    `// biome-ignore-all lint: generated\n// biome-ignore-all format: generated\n// biome-ignore-all assist: generated\n${text}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
