import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { afterAll, beforeAll, expect, test } from "vitest";
import { line } from "./support/otlp-line.ts";
import { buildProgram, type ProgramEnd, runProgram } from "./support/programs.ts";

let cli: string;
let folder: string;

beforeAll(async () => {
  cli = await buildProgram("src/cli/main.ts");
  folder = await mkdtemp(join(tmpdir(), "rockpool-cli-"));
});

afterAll(async () => {
  await Promise.all([rm(cli), rm(folder, { recursive: true })]);
});

function run(args: string[], input = ""): Promise<ProgramEnd> {
  return runProgram([cli, ...args], {}, input).ended();
}

test("spans from standard input are drawn in lanes that fit the width", async () => {
  const end = await run(["timeline", "--width", "60"], `${line()}\n\n`);
  expect(end).toMatchObject({ code: 0, stderr: "" });
  const lines = end.stdout.split("\n");
  expect(lines[0]).toBe("1 connection · 1 checkout · 100 % reused · wait p99 500 ms");
  expect(end.stdout).toContain("main#1");
  expect(end.stdout).toMatch(/█{5,}/);
  expect(end.stdout).toContain("2 uses");
  for (const one of lines) expect(one.length).toBeLessThanOrEqual(60);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no colour may reach a pipe
  expect(end.stdout).not.toMatch(/\u001b/);
});

test("--ascii draws with ASCII alone", async () => {
  const end = await run(["timeline", "--ascii"], line());
  expect(end.stdout).toMatch(/#{5,}/);
  expect(end.stdout).toMatch(/^[\n\x20-\x7e]*$/);
});

test("--json prints the timeline for other programs", async () => {
  const end = await run(["timeline", "--json"], line());
  const snapshot: unknown = JSON.parse(end.stdout);
  expect(snapshot).toMatchObject({
    lanes: [{ connectionId: "main#1", checkouts: [{ useCount: 2, waitMillis: 500, holdMillis: 500 }] }],
  });
});

test("what a sender calls a connection cannot steer the terminal", async () => {
  const end = await run(["timeline"], line("main\u001b[2J#1"));
  expect(end.stdout).toContain("main?[2J#1");
});

test("--html writes a page that loads nothing from elsewhere", async () => {
  const file = join(folder, "timeline.html");
  const end = await run(["timeline", "--html", file], line("main</script><script>alert(1)</script>#1"));
  expect(end).toMatchObject({ code: 0, stderr: `wrote ${file}\n` });
  const page = await readFile(file, "utf8");
  expect(page).not.toContain("<script>alert");
  expect(page).not.toMatch(/(?:src|href)="(?!#)/);
  expect(page).not.toMatch(/@import|url\(|https?:/);
});

test("--listen ends by itself when the time is over", async () => {
  const end = await run(["timeline", "--listen", "0", "--seconds", "1", "--json"]);
  expect(end.code).toBe(0);
  expect(end.stderr).toContain("no spans came in");
  expect(JSON.parse(end.stdout)).toEqual({ lanes: [], failedAcquires: [], period: null });
});

test("Ctrl-C ends the listening and still shows what came", async () => {
  const running = runProgram([cli, "timeline", "--listen", "0", "--json"], {});
  await sendCheckout(await listeningUrl(running.child));
  running.child.kill("SIGINT");
  const end = await running.ended();
  expect(end.code).toBe(0);
  expect(JSON.parse(end.stdout)).toMatchObject({ lanes: [{ connectionId: "main#7" }] });
});

test("a port in use is named, with what to do", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? String(address.port) : "";
  const end = await run(["timeline", "--listen", port]);
  await new Promise((resolve) => server.close(resolve));
  expect(end).toMatchObject({ code: 1, stdout: "" });
  expect(end.stderr).toMatch(new RegExp(`^127\\.0\\.0\\.1:${port} is in use: .*another port`));
});

test.each([
  [["timeline", "--colour"], "Unknown option '--colour'"],
  [["history"], 'unknown command "history"'],
  [[], "a command is missing"],
  [["timeline", "--width", "abc"], "--width must be a whole number from 30 to 1000"],
  [["timeline", "--seconds", "3"], "--seconds needs --listen"],
  [["timeline", "--listen", "99999"], "--listen must be a whole number from 0 to 65535"],
  [["timeline", "--listen", "0", "file.jsonl"], "--listen and files exclude each other"],
  [["timeline", "--trace-url", "javascript:alert(1)"], "--trace-url must begin with http"],
  [["timeline", "--html", "spans.jsonl"], '--html must name a file that ends in .html, not "spans.jsonl"'],
])("%j is refused with 2 and a word of help", async (args, message) => {
  const end = await run(args);
  expect(end).toMatchObject({ code: 2, stdout: "" });
  expect(end.stderr).toContain(message);
  expect(end.stderr).toContain("--help");
});

test("--help names every option", async () => {
  const end = await run(["--help"]);
  expect(end).toMatchObject({ code: 0, stderr: "" });
  for (const option of [
    "--listen",
    "--seconds",
    "--html",
    "--trace-url",
    "--json",
    "--ascii",
    "--width",
    "--version",
  ]) {
    expect(end.stdout).toContain(`  ${option}`);
  }
});

async function listeningUrl(child: ReturnType<typeof runProgram>["child"]): Promise<string> {
  let text = "";
  for await (const chunk of child.stderr?.iterator({ destroyOnReturn: false }) ?? []) {
    text += String(chunk);
    const url = /ENDPOINT=(\S+)/.exec(text)?.[1];
    if (url !== undefined) return url;
  }
  throw new Error(`the program never listened: ${text}`);
}

async function sendCheckout(url: string): Promise<void> {
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces` });
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const attributes = { "rockpool.connection.id": "main#7", "rockpool.connection.use_count": 1 };
  provider.getTracer("test").startSpan("pool.checkout", { attributes }).end();
  await provider.forceFlush();
  await provider.shutdown();
}
