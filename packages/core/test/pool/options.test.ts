import { ConfigError, createPool } from "@rockpool/core";
import { describe, expect, it } from "vitest";

describe("the options of a pool", () => {
  it.each(["validateTimeoutMillis", "resetTimeoutMillis", "prepareTimeoutMillis", "closeTimeoutMillis"])(
    "bound what no deadline bounds: %s cannot be off",
    (name) => {
      expect(() => createPool("", { [name]: null })).toThrow(
        new ConfigError(`${name} must be a number of milliseconds and cannot be off, not null`),
      );
    },
  );
});

describe("an option that cannot be", () => {
  it.each([
    ["a hook that is no function", { prepare: 5 }, "prepare must be a function, not number"],
    ["an empty name", { name: "" }, "name must be a text that is not empty"],
    [
      "a misspelt part of pipelining",
      { pipelining: { dept: 3 } },
      "pipelining must be null or have no other keys than depth, connections, fastMillis",
    ],
  ])("is refused: %s", (_what, options, message) => {
    expect(() => createPool("", Object.fromEntries(Object.entries(options)))).toThrow(
      new ConfigError(message),
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
