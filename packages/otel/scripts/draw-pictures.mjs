#!/usr/bin/env node
// Makes docs/images/timeline-{light,dark,trace}.png and timeline.txt: a real pool under a burst, received over OTLP, drawn as a
// page; and one of its traces in the web page of another receiver.
//   node scripts/draw-pictures.mjs [postgresql://…]
// Without a URL it starts the workspace's own PostgreSQL (built before: npx turbo run build --filter=@rockpool/postgres).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { photographTrace } from "./photograph-trace.mjs";

const root = resolve(import.meta.dirname, "..");
const images = resolve(root, "../../docs/images");
const folder = join(root, "node_modules/.rockpool-pictures");
const scratch = mkdtempSync(join(tmpdir(), "rockpool-pictures-"));
const BROWSERS = [process.env.CHROMIUM_PATH ?? "", "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

async function bundle(entry, name) {
  const outfile = join(folder, name);
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20",
    format: "esm",
    conditions: ["rockpool-source"],
    external: ["@opentelemetry/*", "pg-native"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
  return outfile;
}

async function startServer() {
  if (process.argv[2] !== undefined) return { url: process.argv[2], stop: async () => {} };
  const { startPostgres } = await import("@rockpool/postgres");
  return await startPostgres();
}

async function listeningUrl(child) {
  let text = "";
  for await (const chunk of child.stderr.iterator({ destroyOnReturn: false })) {
    text += chunk;
    const url = /ENDPOINT=(\S+)/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the timeline never listened: ${text}`);
}

async function launchBrowser() {
  const executablePath = BROWSERS.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error("install chromium-headless-shell, or set CHROMIUM_PATH");
  return await chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

async function photograph(browser, page) {
  for (const colorScheme of ["light", "dark"]) {
    const tab = await browser.newPage({
      viewport: { width: 1_360, height: 600 },
      deviceScaleFactor: 2,
      colorScheme,
    });
    await tab.goto(pathToFileURL(page).href);
    await tab.locator(".use.from-queued").nth(5).click();
    await tab.mouse.move(0, 0);
    await tab.screenshot({ path: join(images, `timeline-${colorScheme}.png`) });
  }
}

/** Runs the service until it has closed its pools and sent everything. */
async function runService(burst, server, endpoint) {
  const service = spawn(process.execPath, [burst, server.url], {
    stdio: "inherit",
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_LOGS_EXPORTER: "none" },
  });
  const [code] = await once(service, "exit");
  if (code !== 0) throw new Error(`the service ended with ${code}`);
}

mkdirSync(images, { recursive: true });
const [cli, burst] = [
  await bundle("src/cli/main.ts", "cli.mjs"),
  await bundle("test/programs/pool-burst.ts", "burst.mjs"),
];
const server = await startServer();
const browser = await launchBrowser();
try {
  const page = join(scratch, "timeline.html");
  const listener = spawn(
    process.execPath,
    [cli, "timeline", "--listen", "0", "--html", page, "--width", "96"],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const drawn = listener.stdout.setEncoding("utf8").reduce((text, chunk) => text + chunk, "");
  await runService(burst, server, await listeningUrl(listener));
  listener.kill("SIGINT");
  writeFileSync(join(images, "timeline.txt"), await drawn);
  await photograph(browser, page);
  await photographTrace({
    browser,
    file: join(images, "timeline-trace.png"),
    work: (endpoint) => runService(burst, server, endpoint),
  });
} finally {
  await browser.close();
  await server.stop();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`wrote ${images}/timeline-{light,dark,trace}.png and timeline.txt`);
