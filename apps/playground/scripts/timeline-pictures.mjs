#!/usr/bin/env node
// Makes docs/images/timeline-{light,dark,trace}.png and the drawing in otel's README: the playground's pool under a burst, received
// over OTLP and drawn as a page and in the terminal; and one of its traces in the web page of another receiver.
//
//   npx -y pnpm@12.21.0 exec turbo run build --filter=@rockpool/playground && node apps/playground/scripts/timeline-pictures.mjs
//
// Needs Chromium: the one of CHROMIUM_PATH, else the system's.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { launchBrowser } from "@rockpool/editor";
import { photographTrace } from "./photograph-trace.mjs";
import { runPlayground } from "./run-playground.mjs";

const images = resolve(import.meta.dirname, "../../../docs/images");
const require = createRequire(import.meta.url);
const otel = dirname(require.resolve("@rockpool/otel/package.json"));
const cli = join(otel, "dist/cli/main.js");
const readme = join(otel, "README.md");
/** Calm, the burst, and a little of what follows it; few enough requests that each of them can be seen. */
const scene = { seconds: 6, rate: 90, max: 3 };

async function runServiceThatSendsTo(endpoint) {
  const variables = {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_LOGS_EXPORTER: "none",
    OTEL_METRICS_EXPORTER: "none",
  };
  await runPlayground({ ...scene, variables });
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

/** Draws the timeline of one run, and returns what the terminal shows. */
async function drawTimeline(page) {
  const args = [cli, "timeline", "--listen", "0", "--html", page, "--width", "96"];
  const listener = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const drawn = listener.stdout.setEncoding("utf8").reduce((text, chunk) => text + chunk, "");
  await runServiceThatSendsTo(await listeningUrl(listener)).finally(() => listener.kill("SIGINT"));
  return await drawn;
}

/** Without the legend, which the text around it replaces. */
function showInReadme(drawn) {
  const [lanes = ""] = drawn.split("\n\n");
  const text = readFileSync(readme, "utf8");
  writeFileSync(
    readme,
    text.replace(/```\n\d+ connections · [^`]*```/, `\`\`\`\n${lanes.trimEnd()}\n\`\`\``),
  );
}

/** Goes so near to where the burst begins that single requests can be told apart, and chooses a transaction that waited for its connection. */
async function showBurst(tab) {
  for (let step = 0; step < 3; step += 1) await tab.getByRole("button", { name: "Zoom in" }).click();
  const transactions = tab.locator(".use.from-queued:has(.tx)");
  const first = await transactions.evaluateAll((uses) => {
    const waits = uses.map((use) => use.previousElementSibling.getBoundingClientRect().width);
    const long = Math.max(...waits) / 4;
    const starts = uses.map((use, index) => (waits[index] < long ? Infinity : use.getBoundingClientRect().x));
    return starts.indexOf(Math.min(...starts));
  });
  const chosen = transactions.nth(first);
  await chosen.evaluate((use) => use.scrollIntoView({ inline: "center" }));
  await chosen.click();
  await tab.mouse.move(0, 0);
}

async function photographPage(browser, page) {
  for (const colorScheme of ["light", "dark"]) {
    const viewport = { width: 1_360, height: 520 };
    const tab = await browser.newPage({ viewport, deviceScaleFactor: 2, colorScheme });
    await tab.goto(pathToFileURL(page).href);
    await showBurst(tab);
    await tab.screenshot({ path: join(images, `timeline-${colorScheme}.png`) });
  }
}

mkdirSync(images, { recursive: true });
const scratch = mkdtempSync(join(tmpdir(), "rockpool-pictures-"));
const browser = await launchBrowser();
try {
  const page = join(scratch, "timeline.html");
  showInReadme(await drawTimeline(page));
  await photographPage(browser, page);
  await photographTrace({
    browser,
    file: join(images, "timeline-trace.png"),
    work: runServiceThatSendsTo,
  });
} finally {
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
}
console.log(`wrote ${images}/timeline-{light,dark,trace}.png, and the drawing to ${readme}`);
