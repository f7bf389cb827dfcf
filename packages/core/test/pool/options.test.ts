import { readFileSync } from "node:fs";
import { ConfigError, createPool } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import { defaultEngineOptions } from "../../src/engine/options.ts";
import { poolOptionKeys } from "../../src/pool/options.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

describe("the options of a pool", () => {
  it.each([
    ["validateTimeoutMillis", ", at least 1,"],
    ["resetTimeoutMillis", ", at least 1,"],
    ["prepareTimeoutMillis", ", at least 1,"],
    ["closeTimeoutMillis", ""],
  ])("bound what no deadline bounds: %s cannot be off", (name, least) => {
    expect(() => createPool("", { [name]: null })).toThrow(
      new ConfigError(`${name} must be a number of milliseconds${least} and cannot be off, not null`),
    );
  });

  it.each([
    ["connectTimeoutMillis", 1],
    ["idleTimeoutMillis", 0],
    ["maxLifetimeMillis", 1_000],
    ["validateAfterIdleMillis", 0],
    ["keepaliveIntervalMillis", 1_000],
    ["leakThresholdMillis", 0],
    ["validateTimeoutMillis", 1],
    ["resetTimeoutMillis", 1],
    ["prepareTimeoutMillis", 1],
    ["closeTimeoutMillis", 0],
  ])("have the minimum that the README gives: %s %d", async (name, least) => {
    await createPool("", { name, [name]: least }).close();
    expect(() => createPool("", { [name]: least - 1 })).toThrow(ConfigError);
    expect(readme).toMatch(new RegExp(`^\\| \`${name}\` \\| [^|]+ \\| [^|]+ \\| ${least} \\|`, "m"));
  });

  it("are all in the README, with the default that they have", () => {
    const described = new Map(
      [...readme.matchAll(/^\| `(\w+)` \| [^|]+ \| ([^|]+) \|/gm)].map(([, name, value]) => [name, value]),
    );
    for (const [name, value] of Object.entries(defaultEngineOptions)) {
      const written = described.get(name)?.replaceAll("`", "").replaceAll(" ", "");
      expect([name, written]).toEqual([name, String(value)]);
    }
    for (const name of poolOptionKeys) expect(readme).toContain(`\`${name}\``);
  });
});

describe("an option that cannot be", () => {
  it.each([
    ["a hook that is no function", { prepare: 5 }, "prepare must be a function, not number"],
    ["an empty name", { name: "" }, "name must be a text that is not empty"],
    [
      "a clock without timers",
      { clock: { now: () => 0 } },
      "clock must be an object with now() and setTimer()",
    ],
    ["chance as a function", { random: () => 0.5 }, "random must be an object with next()"],
    [
      "a misspelt part of telemetry",
      { telemetry: { spans: true } },
      /^spans is not an option of telemetry; /,
    ],
    [
      "a kind of spans that there is not",
      { telemetry: { checkoutSpans: "some" } },
      "telemetry.checkoutSpans must be one of always, explicit, contended, never, not some",
    ],
    [
      "a misspelt part of pipelining",
      { pipelining: { dept: 3 } },
      "pipelining must be null or have no other keys than depth, connections, fastMillis",
    ],
  ])("is refused: %s", (_what, options, message) => {
    expect(() => createPool("", Object.fromEntries(Object.entries(options)))).toThrow(
      typeof message === "string" ? new ConfigError(message) : message,
    );
  });

  it("is refused by listen() before anything is opened, where nobody would hear a notification", async () => {
    const pool = createPool("");
    const listening = Reflect.apply(pool.listen, pool, ["orders", {}]);
    await expect(listening).rejects.toThrow(new ConfigError("onNotify must be a function"));
    expect(pool.stats().total).toBe(0);
    await pool.close();
  });

  it("is told with the options of both, where it is the name that is wrong", () => {
    expect(() => createPool("", Object.fromEntries([["idleTimeoutMilis", 5]]))).toThrow(
      /^idleTimeoutMilis is an option of neither a pool nor its connection factory; .*idleTimeoutMillis.*statementCacheSize/,
    );
  });
});
