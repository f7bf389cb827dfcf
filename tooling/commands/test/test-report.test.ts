import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { closingLine, deleteReports, tallyOf } from "../lib/test-report.mjs";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rockpool-report-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const finished = { code: 0, timedOut: false, output: "the runner's last words" };
const subject = () => ({ name: "@rockpool/example", folder });

function writeReport(testResults: unknown, name = "vitest.json"): void {
  mkdirSync(join(folder, ".test-results"), { recursive: true });
  writeFileSync(join(folder, ".test-results", name), JSON.stringify({ testResults }));
}

function file(status: string, statuses: readonly string[], message = ""): object {
  const assertionResults = statuses.map((each) => ({
    fullName: `a ${each} test`,
    status: each,
    failureMessages: each === "failed" ? ["expected 1 to be 2"] : [],
  }));
  return { name: join(folder, "test", "a.test.ts"), status, message, assertionResults };
}

test("a report is counted by the state of each test, and a failure shows where it was", () => {
  writeReport([file("failed", ["passed", "passed", "failed", "pending", "todo", "skipped"])]);
  const tally = tallyOf(subject(), { ...finished, code: 1 });
  expect(closingLine(tally)).toBe("2 passed, 1 failed, 3 skipped");
  expect(tally.failures).toEqual([
    "@rockpool/example test/a.test.ts > a failed test\n    expected 1 to be 2",
  ]);
});

test("several reports of one package are added up", () => {
  writeReport([file("passed", ["passed"])]);
  writeReport([file("passed", ["passed", "skipped"])], "vitest-ui.json");
  expect(closingLine(tallyOf(subject(), finished))).toBe("2 passed, 0 failed, 1 skipped");
});

test("a file that could not be loaded is a failure although no test of it failed", () => {
  writeReport([file("passed", ["passed"]), file("failed", [], "Cannot find module 'x'")]);
  const tally = tallyOf(subject(), { ...finished, code: 1 });
  expect(closingLine(tally)).toBe("1 passed, 1 failed, 0 skipped");
  expect(tally.failures[0]).toContain("Cannot find module 'x'");
});

test("a runner that exits with an error fails although every test passed", () => {
  writeReport([file("passed", ["passed"])]);
  const tally = tallyOf(subject(), { ...finished, code: 1 });
  expect(tally.failed).toBe(1);
  expect(tally.failures[0]).toContain("the runner's last words");
});

test("a runner that leaves no report has failed", () => {
  expect(tallyOf(subject(), finished).failed).toBe(1);
});

test("a report that breaks off is a failure", () => {
  mkdirSync(join(folder, ".test-results"));
  writeFileSync(join(folder, ".test-results", "vitest.json"), '{"testResults": [');
  expect(tallyOf(subject(), finished).failed).toBe(1);
});

test("a report without a test is a failure", () => {
  writeReport([]);
  expect(tallyOf(subject(), finished).failures).toEqual(["@rockpool/example: no test ran"]);
});

test("tests that were ended for taking too long have failed", () => {
  writeReport([file("passed", ["passed"])]);
  expect(tallyOf(subject(), { ...finished, code: 1, timedOut: true }).failed).toBe(1);
});

test("a report of an earlier run is not counted again", () => {
  writeReport([file("passed", ["passed"])]);
  deleteReports(folder);
  expect(tallyOf(subject(), finished).passed).toBe(0);
});
