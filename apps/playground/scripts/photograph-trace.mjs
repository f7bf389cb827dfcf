// Shows one trace in the web page of another receiver, so that the picture is not of our own making.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const home = dirname(require.resolve("@elastic/mockotlpserver/package.json"));

/**
 * Receives what `work` sends to the address that it is given, and photographs the trace with the most to see.
 *
 * @param {{ browser: import("playwright-core").Browser, file: string, work: (endpoint: string) => Promise<void> }} options
 */
export async function photographTrace({ browser, file, work }) {
  const { MockOtlpServer } = require("@elastic/mockotlpserver");
  const { FilePrinter } = require(join(home, "lib/printers.js"));
  // The page reads its traces from this folder of the package.
  const folder = join(home, "db");
  const before = new Set(readdirSync(folder));
  const server = new MockOtlpServer({
    services: ["http", "ui"],
    httpHostname: "127.0.0.1",
    uiHostname: "127.0.0.1",
    httpPort: 0,
    uiPort: 0,
    logLevel: "error",
  });
  mkdirSync(folder, { recursive: true });
  const context = await browser.newContext({
    viewport: { width: 1_360, height: 380 },
    deviceScaleFactor: 2,
  });
  try {
    new FilePrinter(server._log, 0, ["trace"], folder).subscribe();
    await server.start();
    await work(String(server.httpUrl).replace(/\/$/, ""));
    const traces = readdirSync(folder).filter((name) => !before.has(name) && name.startsWith("trace-"));
    const traceId = mostToSee(traces, folder);
    const tab = await context.newPage();
    await tab.goto(`${String(server.uiUrl).replace(/\/$/, "")}/trace-details.html?traceId=${traceId}`);
    await tab.locator("svg, canvas").first().waitFor();
    await tab.screenshot({ path: file });
  } finally {
    for (const name of readdirSync(folder)) if (!before.has(name)) rmSync(join(folder, name));
    // Its connections would keep the server open.
    await context.close();
    await server.close();
  }
}

/** A transaction that had to wait: of all the one whose shortest span takes most of its width, so that its words can be read. */
function mostToSee(names, folder) {
  const candidates = names.flatMap((name) => {
    const spans = readFileSync(join(folder, name), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const isWhole = ["POST /checkout", "pool.wait", "transaction", "commit"].every((part) =>
      spans.some((span) => span.name === part),
    );
    return isWhole ? [{ traceId: name.slice("trace-".length, -".ndjson".length), room: roomOf(spans) }] : [];
  });
  const [best] = candidates.sort((a, b) => b.room - a.room);
  if (best === undefined) throw new Error("no trace of a transaction that waited has arrived");
  return best.traceId;
}

/** The share of the trace's time that its shortest span takes. */
function roomOf(spans) {
  const periods = spans.map((span) => [Number(span.startTimeUnixNano), Number(span.endTimeUnixNano)]);
  const total = Math.max(...periods.map(([, end]) => end)) - Math.min(...periods.map(([start]) => start));
  return Math.min(...periods.map(([start, end]) => end - start)) / total;
}
