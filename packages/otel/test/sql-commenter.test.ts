import { createTraceState, TraceFlags } from "@opentelemetry/api";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canAppendComment } from "../src/sql-commenter/comment-position.ts";
import { installSqlCommenter, sqlComment } from "../src/sql-commenter/sql-commenter.ts";

const spanContext = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  traceFlags: TraceFlags.SAMPLED,
};

test("the comment carries the trace context and the tags, sorted by key", () => {
  const comment = sqlComment({ tags: { "web framework": "it's */ fast" } });
  expect(comment(spanContext, "select 1")).toBe(
    " /*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'," +
      "web%20framework='it%27s%20%2A%2F%20fast'*/",
  );
});

test("a trace state travels beside the trace parent", () => {
  const traceState = createTraceState("congo=t61rcWkgMzE,rojo=00f067aa0ba902b7");
  expect(sqlComment()({ ...spanContext, traceState }, "select 1")).toContain(
    "tracestate='congo%3Dt61rcWkgMzE%2Crojo%3D00f067aa0ba902b7'",
  );
});

test.each([
  ["select 1", true],
  ["select 1;", true],
  ["select '--', $1, a$b$ from t where x = $2", true],
  [`select "odd -- name" from "a""b"`, true],
  ["select 'it''s /* no comment'", true],
  ["select e'it\\'s -- fine'", true],
  ["do $body$ begin perform 1; -- inside\n end $body$", true],
  ["select 1 -- last words", false],
  ["select /*+ IndexScan(t) */ 1", false],
  ["select 'never ends", false],
  ["select e'never ends \\'", false],
  ['select "never ends', false],
  ["do $$ never ends", false],
  ["   ", false],
])("after %j a comment may be appended: %j", (text, expected) => {
  expect(canAppendComment(text)).toBe(expected);
});

test("no value can end the comment early", () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ minLength: 1 }), (value, key) => {
      const comment = sqlComment({ tags: { [key]: value } })(spanContext, "select 1") ?? "";
      expect(comment.indexOf("*/")).toBe(comment.length - 2);
      expect(comment.lastIndexOf("/*")).toBe(1);
      expect(comment.slice(3, -2).replaceAll(/='[^']*'/g, "")).not.toContain("'");
    }),
  );
});

test("the comment of the process is taken back where it was installed", () => {
  const key = Symbol.for("rockpool.queryComment");
  const remove = installSqlCommenter(true);
  expect(Reflect.get(globalThis, key)).toBeTypeOf("function");
  remove();
  expect(Reflect.get(globalThis, key)).toBeUndefined();
});
