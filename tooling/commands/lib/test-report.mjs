import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";

/**
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Tally
 */

/** @returns {Tally} */
export function emptyTally() {
  return { passed: 0, failed: 0, skipped: 0, failures: [] };
}

/**
 * @param {Tally} total
 * @param {Tally} part
 */
export function addTally(total, part) {
  total.passed += part.passed;
  total.failed += part.failed;
  total.skipped += part.skipped;
  total.failures.push(...part.failures);
}

/**
 * @param {Tally} tally
 * @param {string} text
 */
export function addFailure(tally, text) {
  tally.failed += 1;
  tally.failures.push(text);
}

/** @param {Tally} tally */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** @param {string} folder - of a package */
function reportFiles(folder) {
  const results = join(folder, ".test-results");
  if (!existsSync(results)) return [];
  return readdirSync(results)
    .filter((name) => /^vitest.*\.json$/.test(name))
    .map((name) => join(results, name));
}

/** @param {string} folder - of a package */
export function deleteReports(folder) {
  for (const file of reportFiles(folder)) rmSync(file);
}

/**
 * What a package's run amounts to. A runner that crashed, wrote no report or ran nothing has failed, whatever it counted.
 *
 * @param {{ name: string, folder: string }} subject
 * @param {{ code: number, timedOut: boolean, output: string }} run
 * @returns {Tally}
 */
export function tallyOf(subject, run) {
  const tally = emptyTally();
  const files = reportFiles(subject.folder);
  for (const file of files) addTally(tally, tallyOfReport(subject, readFileSync(file, "utf8")));
  if (run.timedOut) addFailure(tally, `${subject.name}: its tests took too long and were ended`);
  else if (files.length === 0) addFailure(tally, `${subject.name}: its tests left no report${outputOf(run)}`);
  else if (run.code !== 0 && tally.failed === 0) {
    addFailure(tally, `${subject.name}: the test runner exited with ${run.code}${outputOf(run)}`);
  } else if (tally.passed + tally.failed + tally.skipped === 0) {
    addFailure(tally, `${subject.name}: no test ran`);
  }
  return tally;
}

/** @param {{ output: string }} run */
function outputOf(run) {
  return `\n${run.output.trimEnd().split("\n").slice(-60).join("\n")}`;
}

/**
 * @typedef {{ fullName: string, status: string, failureMessages?: string[] | null }} Assertion
 * @typedef {{ name: string, status: string, message?: string, assertionResults: Assertion[] }} FileResult
 */

/**
 * @param {{ name: string, folder: string }} subject
 * @param {string} text
 * @returns {Tally}
 */
function tallyOfReport(subject, text) {
  const tally = emptyTally();
  /** @type {{ testResults: FileResult[] }} */
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    addFailure(tally, `${subject.name}: its report is cut off`);
    return tally;
  }
  for (const file of report.testResults)
    addFile(tally, `${subject.name} ${relative(subject.folder, file.name)}`, file);
  return tally;
}

/**
 * @param {Tally} tally
 * @param {string} title
 * @param {FileResult} file
 */
function addFile(tally, title, file) {
  let failedHere = 0;
  for (const { status, fullName, failureMessages } of file.assertionResults) {
    if (status === "passed") tally.passed += 1;
    else if (status === "failed") {
      failedHere += 1;
      addFailure(tally, `${title} > ${fullName}\n${indent(failureMessages?.join("\n") ?? "")}`);
    } else tally.skipped += 1;
  }
  // A file that could not be loaded, or whose hooks failed, has no failed test to show for it.
  if (file.status === "failed" && failedHere === 0)
    addFailure(tally, `${title}\n${indent(file.message ?? "")}`);
}

/** @param {string} text */
function indent(text) {
  return text
    .trim()
    .split("\n")
    .slice(0, 25)
    .map((line) => `    ${line}`)
    .join("\n");
}
