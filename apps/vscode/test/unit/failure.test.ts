import { describe, expect, it } from "vitest";
import { describeFailure, isPasswordFailure } from "../../src/model/failure.ts";

describe("a failure", () => {
  it("is that of the server under the errors that wrap it", () => {
    const server = Object.assign(new Error("password authentication failed"), { code: "28P01" });
    const connect = Object.assign(new Error("could not connect", { cause: server }), {
      code: "POOL_CONNECT",
    });
    const acquire = Object.assign(new Error("no connection", { cause: connect }), {
      code: "POOL_ACQUIRE_TIMEOUT",
    });
    const failure = describeFailure(acquire);
    expect(failure).toMatchObject({ code: "28P01", message: "password authentication failed" });
    expect(isPasswordFailure(failure)).toBe(true);
  });

  it("of a pool that is full says what to do", () => {
    const error = Object.assign(new Error("no connection within 5 ms"), { code: "POOL_ACQUIRE_TIMEOUT" });
    expect(describeFailure(error).remedy).toMatch(/Commit, roll back or release/);
  });

  it("after a cancel is the cancel, whatever it looks like", () => {
    const abort = new AbortController();
    abort.abort();
    const failure = describeFailure(new Error("canceling statement due to user request"), abort.signal);
    expect(failure).toMatchObject({ message: "cancelled", isCancelled: true });
  });

  it("has a place only where the server named one", () => {
    expect(describeFailure({ message: "x", position: "12" }).position).toBe(12);
    expect(describeFailure(new Error("x")).position).toBeNull();
  });
});
