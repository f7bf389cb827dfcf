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
