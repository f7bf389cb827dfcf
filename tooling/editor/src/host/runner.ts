import { appendFileSync } from "node:fs";

/** One line of the report that the tests in the extension host write. */
export type HostReportLine =
  | { readonly type: "test"; readonly result: HostTestResult }
  /** The last line: without it, the host was lost on the way. */
  | { readonly type: "end" };

export interface HostTestResult {
  readonly name: string;
  readonly status: "passed" | "failed";
  /** The stack of a failure. */
  readonly error: string | null;
  readonly durationMillis: number;
}

/** The environment variable that says where the report goes. */
export const REPORT_VARIABLE = "ROCKPOOL_HOST_REPORT";

const TEST_TIMEOUT_MILLIS = 30_000;

const tests: { readonly name: string; readonly body: () => void | Promise<void> }[] = [];

/** A test that runs inside the extension host, where `vscode` is. */
export function hostTest(name: string, body: () => void | Promise<void>): void {
  tests.push({ name, body });
}

/** Runs every test in the order in which they were written; what a test module exports as `run`. */
export async function runHostTests(): Promise<void> {
  const file = process.env[REPORT_VARIABLE];
  if (file === undefined) throw new Error(`${REPORT_VARIABLE} is not set`);
  const write = (line: HostReportLine): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
  for (const { name, body } of tests) write({ type: "test", result: await runOne(name, body) });
  write({ type: "end" });
}

async function runOne(name: string, body: () => void | Promise<void>): Promise<HostTestResult> {
  const started = performance.now();
  const done = (status: HostTestResult["status"], error: string | null): HostTestResult => {
    return { name, status, error, durationMillis: Math.round(performance.now() - started) };
  };
  try {
    await withTimeout(body);
    return done("passed", null);
  } catch (error) {
    return done("failed", error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

async function withTimeout(body: () => void | Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const message = `the test took longer than ${TEST_TIMEOUT_MILLIS} ms`;
    timer = setTimeout(() => reject(new Error(message)), TEST_TIMEOUT_MILLIS);
  });
  try {
    await Promise.race([body(), late]);
  } finally {
    clearTimeout(timer);
  }
}
