import { describe, expect, test } from "vitest";
import { originalPlace, sourceMapOf } from "../../../src/model/source/original-place.ts";
import { stackFrames } from "../../../src/model/source/stack-frames.ts";

test("the lines of a stack that lie in files are found, the caller's first", () => {
  const stack = [
    "Error: acquired here",
    "    at order (file:///srv/my%20shop/order.js:12:34)",
    "    at async Promise.all (index 0)",
    "    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
    "    at /srv/main.js:5:6",
    "    at async C:\\shop\\main.js:7:8",
  ].join("\n");
  expect(stackFrames(stack)).toEqual([
    { functionName: "order", path: "/srv/my shop/order.js", line: 12 },
    { functionName: null, path: "/srv/main.js", line: 5 },
    { functionName: null, path: "C:\\shop\\main.js", line: 7 },
  ]);
});

// Two lines of TypeScript, of which the compiler dropped the first: line 2 became line 1.
const MAP = JSON.stringify({ version: 3, sources: ["../src/order.ts"], names: [], mappings: "AACA" });

describe("a source map", () => {
  test("is found beside the code or inside it", () => {
    expect(sourceMapOf("/srv/dist/order.js", "a();\n//# sourceMappingURL=order.js.map\n")).toEqual({
      path: "/srv/dist/order.js.map",
    });
    const inline = `data:application/json;base64,${Buffer.from(MAP).toString("base64")}`;
    expect(sourceMapOf("/srv/a.js", `a();\n//# sourceMappingURL=${inline}`)).toEqual({ text: MAP });
    expect(sourceMapOf("/srv/a.js", "a();")).toBeNull();
    expect(sourceMapOf("/srv/a.js", "//# sourceMappingURL=https://cdn.example/a.map")).toBeNull();
  });

  test("leads to the line that was written", () => {
    const map = { text: MAP, folder: "/srv/dist" };
    expect(originalPlace({ path: "/srv/dist/order.js", line: 1 }, map)).toEqual({
      path: "/srv/src/order.ts",
      line: 2,
    });
    expect(originalPlace({ path: "/srv/dist/order.js", line: 9 }, map)).toBeNull();
    expect(originalPlace({ path: "/srv/dist/order.js", line: 1 }, { ...map, text: "{" })).toBeNull();
  });
});
