import { describe, expect, test } from "vitest";
import { placeAttributes } from "../../src/telemetry/code-attributes.ts";

/** What is told of a stack: the file, the line, and the function where there is one. */
function placeOf(...frames: string[]) {
  const attributes = placeAttributes(
    ["Error: acquired here", ...frames.map((frame) => `    at ${frame}`)].join("\n"),
  );
  return [
    attributes["code.file.path"],
    attributes["code.line.number"],
    attributes["code.column.number"],
    attributes["code.function.name"],
  ];
}

describe("the place of a call is told from", () => {
  test.each<[string, (string | number | undefined)[]]>([
    ["Shop.order [as buy] (/srv/shop.js:12:34)", ["/srv/shop.js", 12, 34, "Shop.order"]],
    ["async order (file:///srv/my%20shop/order.js:1:2)", ["/srv/my shop/order.js", 1, 2, "order"]],
    ["new Basket (C:\\shop\\basket.js:1:2)", ["C:\\shop\\basket.js", 1, 2, "Basket"]],
    ["/srv/shop.js:12:34", ["/srv/shop.js", 12, 34, undefined]],
    ["GET (/srv/app/(shop)/[id]/route.js:5:6)", ["/srv/app/(shop)/[id]/route.js", 5, 6, "GET"]],
    ["/srv/shop (old)/order.js:5:6", ["/srv/shop (old)/order.js", 5, 6, undefined]],
  ])("%s", (frame, place) => {
    expect(placeOf(frame)).toEqual(place);
  });

  test.each([
    "async Promise.all (index 0)",
    "new Map (<anonymous>)",
    "node:internal/process/task_queues:95:5",
    "emit (node:events:518:28)",
    "eval (eval at run (/srv/run.js:1:2), <anonymous>:3:4)",
  ])("the next frame where one lies in no file: %s", (frame) => {
    expect(placeOf(frame, "main (/srv/main.js:7:8)")).toEqual(["/srv/main.js", 7, 8, "main"]);
  });
});
