import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type Collector, startCollector } from "./support/collector.ts";
import { buildProgram, runProgram } from "./support/programs.ts";

let register: string;
let program: string;
let collector: Collector;
let folder: string;

beforeAll(async () => {
  register = await buildProgram("src/register.ts");
  program = await buildProgram("test/programs/one-span.ts");
});

afterAll(async () => {
  await Promise.all([rm(register), rm(program)]);
});

beforeEach(async () => {
  collector = await startCollector();
  folder = await mkdtemp(join(tmpdir(), "rockpool-otel-"));
});

afterEach(async () => {
  await collector[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

function run(behaviour: string, variables: Record<string, string> = {}) {
  return runProgram(["--import", register, program, behaviour], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpUrl,
    OTEL_SERVICE_NAME: "child",
    ...variables,
  });
}

test("a program that runs to its end sends what it buffered, without a line of code", async () => {
  const end = await run("end").ended();
  expect(end).toMatchObject({ code: 0, stderr: "" });
  expect(collector).toMatchObject({ spanNames: ["work"], serviceNames: ["child"] });
  expect(collector.metrics.has("jobs")).toBe(true);
});

test("a CommonJS program is seen as well", async () => {
  const commonJs = await buildProgram("test/programs/one-span.ts", "cjs");
  try {
    expect(await readFile(commonJs, "utf8")).toContain('require("@opentelemetry/api")');
    const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpUrl, OTEL_SERVICE_NAME: "child" };
    const end = await runProgram(["--import", register, commonJs, "end"], variables).ended();
    expect(end).toMatchObject({ code: 0, stderr: "" });
    expect(collector).toMatchObject({ spanNames: ["work"], serviceNames: ["child"] });
    expect(collector.metrics.has("jobs")).toBe(true);
  } finally {
    await rm(commonJs);
  }
});

test.each(["SIGTERM", "SIGINT"] as const)(
  "on %s what is buffered is sent, and the signal still ends the process",
  async (signal) => {
    const running = run("wait");
    await running.printed("ready");
    expect(collector.spanNames).toEqual([]);
    running.child.kill(signal);
    expect(await running.ended()).toMatchObject({ code: null, signal });
    expect(collector.spanNames).toEqual(["work"]);
  },
);

test("a program with a handler of its own decides when it ends, and its last spans are sent too", async () => {
  const running = run("own-handler");
  await running.printed("ready");
  running.child.kill("SIGTERM");
  expect(await running.ended()).toMatchObject({ code: 0, signal: null });
  expect(collector.spanNames).toEqual(["work", "drained"]);
});

test("a handler that was there first and removes itself before it runs still counts as one", async () => {
  const file = await buildProgram("test/programs/once-then-start.ts");
  const running = runProgram([file], {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.httpUrl,
    OTEL_LOGS_EXPORTER: "none",
  });
  await running.printed("ready");
  running.child.kill("SIGTERM");
  const end = await running.ended();
  await rm(file);
  expect(end).toMatchObject({ code: 0, signal: null });
  expect(collector.spanNames).toEqual(["drained"]);
});

test("a collector that is down does not fail the program", async () => {
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", OTEL_EXPORTER_OTLP_TIMEOUT: "300" };
  const end = await run("end", variables).ended();
  expect(end).toMatchObject({ code: 0, signal: null });
});

test("OTEL_TRACES_EXPORTER=console prints spans", async () => {
  const end = await run("end", { OTEL_TRACES_EXPORTER: "console", OTEL_METRICS_EXPORTER: "none" }).ended();
  expect(end.stdout).toContain("name: 'work'");
  expect(collector.spanNames).toEqual([]);
});

test("OTEL_METRICS_EXPORTER=prometheus serves metrics to a scrape", async () => {
  const port = await freePort();
  const running = run("wait", {
    OTEL_METRICS_EXPORTER: "prometheus",
    OTEL_TRACES_EXPORTER: "none",
    OTEL_EXPORTER_PROMETHEUS_HOST: "127.0.0.1",
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
  });
  await running.printed("ready");
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  running.child.kill("SIGTERM");
  await running.ended();
  expect(text).toMatch(/^jobs_total(?:\{[^}]*\})? 1/m);
});

test("OTEL_CONFIG_FILE decides where telemetry goes", async () => {
  const file = join(folder, "otel.yaml");
  await writeFile(
    file,
    `file_format: "1.0"
resource:
  attributes:
    - name: service.name
      value: from-file
tracer_provider:
  processors:
    - simple:
        exporter:
          otlp_http:
            endpoint: ${collector.httpUrl}/v1/traces
`,
  );
  const end = await run("end", {
    OTEL_CONFIG_FILE: file,
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
  }).ended();
  expect(end).toMatchObject({ code: 0 });
  expect(collector).toMatchObject({ spanNames: ["work"], serviceNames: ["from-file"] });
});

test("a configuration file that cannot be read is named, and the program runs without telemetry", async () => {
  const end = await run("end", { OTEL_CONFIG_FILE: join(folder, "absent.yaml") }).ended();
  expect(end.code).toBe(0);
  expect(end.stderr).toContain("absent.yaml");
  expect(collector.spanNames).toEqual([]);
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("bug: no port");
  return address.port;
}
