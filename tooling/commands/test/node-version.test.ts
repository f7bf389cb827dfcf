import { expect, test } from "vitest";
import { requireNode } from "../lib/node-version.mjs";

test.each(["20.19.0", "20.20.2", "22.1.0", "24.21.0"])("Node.js %s is new enough", (version) => {
  expect(() => requireNode(version)).not.toThrow();
});

test.each(["18.20.4", "20.18.3", "16.0.0"])(
  "Node.js %s is refused with the version that is needed",
  (version) => {
    expect(() => requireNode(version)).toThrow(`Node.js ${version} is too old: 20.19 or newer is needed.`);
  },
);
