import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runStep } from "./step.mjs";

const CHROMIUM_PATHS = [
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Peers that more tests compare with; without them those tests are skipped. */
const OPTIONAL = [
  { packageName: "pgbouncer", file: "/usr/sbin/pgbouncer" },
  { packageName: "python3-psycopg2", file: "/usr/lib/python3/dist-packages/psycopg2/__init__.py" },
];

/** @param {NodeJS.ProcessEnv} environment */
export function hasChromium(environment) {
  const { CHROMIUM_PATH } = environment;
  return [...(CHROMIUM_PATH ? [CHROMIUM_PATH] : []), ...CHROMIUM_PATHS].some((path) => existsSync(path));
}

/**
 * Installs what the tests need of the system, where this user may: Chromium, and peers to compare with.
 *
 * @param {import("./step.mjs").StepOptions} options
 * @returns {Promise<{ chromium: boolean }>}
 */
export async function ensureSystemPackages(options) {
  const wanted = OPTIONAL.filter(({ file }) => !existsSync(file)).map(({ packageName }) => packageName);
  const needsChromium = !hasChromium(process.env);
  if ((needsChromium || wanted.length > 0) && mayUseApt(process.env)) {
    await apt(["update"], options);
    if (needsChromium) await installChromium(options);
    for (const name of wanted) await aptInstall([name], options);
  }
  return { chromium: hasChromium(process.env) };
}

/** @param {import("./step.mjs").StepOptions} options */
async function installChromium(options) {
  if (await aptInstall(["chromium-headless-shell", "fonts-liberation"], options)) return;
  await aptInstall(["chromium", "fonts-liberation"], options);
}

/**
 * @param {readonly string[]} packages
 * @param {import("./step.mjs").StepOptions} options
 */
function aptInstall(packages, options) {
  return apt(["install", "-y", "--no-install-recommends", ...packages], options);
}

/**
 * @param {readonly string[]} args
 * @param {import("./step.mjs").StepOptions} options
 * @returns {Promise<boolean>} whether it succeeded
 */
async function apt(args, options) {
  const name = `apt-get ${args.filter((arg) => !arg.startsWith("-")).join(" ")}`;
  options.progress(`› ${name}`);
  const result = await runStep(name, ["apt-get", "-o", "DPkg::Lock::Timeout=120", ...args], {
    ...options,
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    timeoutMillis: 300_000,
  });
  options.progress(
    result.code === 0
      ? `✓ ${name} (${result.seconds.toFixed(1)} s)`
      : `✗ ${name}: exit code ${result.code}: ${result.output.trimEnd().split("\n").at(-1)}`,
  );
  return result.code === 0;
}

/** @param {NodeJS.ProcessEnv} environment */
function mayUseApt(environment) {
  const isRoot = process.getuid?.() === 0;
  return isRoot && !environment.ROCKPOOL_NO_APT && isOnPath("apt-get", environment.PATH ?? "");
}

/**
 * @param {string} program
 * @param {string} path
 */
function isOnPath(program, path) {
  return path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
