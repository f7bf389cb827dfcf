import { spawn } from "node:child_process";
import { join } from "node:path";
import { OtlpReceiver, type ReceivedSpan } from "@rockpool/otel/receiver";
import { startPostgres } from "@rockpool/postgres";
import { expect, test } from "vitest";

const MAIN = join(import.meta.dirname, "..", "dist", "main.js");

interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function run(...args: string[]): Promise<Run> {
  return runWith({}, ...args);
}

function runWith(variables: Record<string, string>, ...args: string[]): Promise<Run> {
  const { DATABASE_URL: _, ...inherited } = process.env;
  const env = { ...inherited, ...variables };
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => {
    output.stdout += chunk.toString("utf8");
  });
  child.stderr.on("data", (chunk: Buffer) => {
    output.stderr += chunk.toString("utf8");
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, ...output }));
  });
}

test("the service alone runs on a database that is there, and sums up", { timeout: 60_000 }, async () => {
  await using server = await startPostgres();
  const { exitCode, stdout } = await run(
    "--database-url",
    server.url,
    "--port",
    "0",
    "--seconds",
    "2",
    "--json",
  );
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout).checkouts).toBeGreaterThan(10);
});

test("each request is a span that tells which connection it held", { timeout: 60_000 }, async () => {
  await using server = await startPostgres();
  await using receiver = await OtlpReceiver.start({ port: 0 });
  const spans: ReceivedSpan[] = [];
  receiver.onSpans((batch) => {
    spans.push(...batch);
  });
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_LOGS_EXPORTER: "none" };
  const { exitCode } = await runWith(
    variables,
    "--database-url",
    server.url,
    "--port",
    "0",
    "--seconds",
    "3",
  );
  expect(exitCode).toBe(0);
  const request = spans.find(({ name }) => name === "GET /customers/:id");
  expect(request).toMatchObject({
    kind: "server",
    attributes: { "http.route": "/customers/:id", "http.response.status_code": 200 },
  });
  const checkout = spans.find(({ parentSpanId }) => parentSpanId === request?.spanId);
  expect(checkout?.name).toBe("pool.checkout");
  expect(checkout?.attributes["rockpool.connection.id"]).toMatch(/^playground#\d+$/);
  expect(spans.some(({ name }) => name === "connection.close")).toBe(true);
});

test.each([
  [["--fast"], "error: Unknown option '--fast'\nSee --help\n"],
  [[], "error: --database-url or DATABASE_URL must name a database\nSee --help\n"],
  [
    ["--database-url", "x=", "--port", "high"],
    'error: --port must be a whole number from 0 to 65535, not "high"\nSee --help\n',
  ],
])("%j is refused with what was wrong and exit code 2", async (args, words) => {
  expect(await run(...args)).toEqual({ exitCode: 2, stdout: "", stderr: words });
});

test("a wrong password is told as such, and is not repeated", { timeout: 60_000 }, async () => {
  await using server = await startPostgres();
  const hba = "host all all 127.0.0.1/32 scram-sha-256\n";
  await server.setHba(hba);
  const url = `postgresql://postgres:topsecret@127.0.0.1:${server.port}/postgres`;
  const { exitCode, stderr } = await run("--database-url", url, "--port", "0");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("refused the user or the password");
  expect(stderr).not.toContain("topsecret");
  expect(stderr).not.toMatch(/^\s+at /m);
});

test("a database that does not exist is told as such", { timeout: 60_000 }, async () => {
  await using server = await startPostgres();
  const { exitCode, stderr } = await run("--database-url", `${server.url}_gone`, "--port", "0");
  expect(exitCode).toBe(1);
  expect(stderr).toContain("Create that database");
});
