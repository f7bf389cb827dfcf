import { expect, it } from "vitest";
import { isCopyToStdout } from "../../../src/model/sql/copy-to-stdout.ts";

it.each([
  ["copy t to stdout", true],
  ["COPY (select 1 as to) TO STDOUT (format csv)", true],
  ["/* all */ copy t to -- here\n stdout", true],
  ["copy t to '/tmp/to stdout'", false],
  ["copy (select 1) to program 'cat # to stdout'", false],
  ["copy (select \"to\", stdout from t) to '/tmp/x'", false],
  ["copy t from stdin", false],
  ["select 'copy t to stdout'", false],
  ["", false],
])("%s is output to be read: %s", (text, isOutput) => {
  expect(isCopyToStdout(text)).toBe(isOutput);
});
