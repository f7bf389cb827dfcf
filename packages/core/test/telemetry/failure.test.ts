import { describe, expect, test } from "vitest";
import {
  ConnectError,
  ConnectionLostError,
  LeaseReleasedError,
  PoolClosedError,
  PoolSuspendedError,
  QueryTimeoutError,
  QueueFullError,
} from "../../src/errors.ts";
import { describeAbort, describeFailure } from "../../src/telemetry/failure.ts";
import { serverError } from "./fake-pool.ts";

const numbers = { max: 1, total: 1, idle: 0, acquired: 1, connecting: 0, waiting: 1 };

function aborted(reason?: unknown): unknown {
  const controller = new AbortController();
  controller.abort(reason);
  return controller.signal.reason;
}

describe("error.type", () => {
  test.each<[string, unknown]>([
    ["23505", serverError("23505", "duplicate")],
    ["EPIPE", Object.assign(new Error("broken pipe"), { code: "EPIPE" })],
    ["ECONNRESET", Object.assign(new Error("reset"), { code: "ECONNRESET" })],
    ["CERT_HAS_EXPIRED", Object.assign(new Error("expired"), { code: "CERT_HAS_EXPIRED" })],
    ["pool_closed", new PoolClosedError("main")],
    ["pool_suspended", new PoolSuspendedError("main")],
    ["queue_full", new QueueFullError(1, numbers)],
    ["query_timeout", new QueryTimeoutError(5)],
    ["lease_released", new LeaseReleasedError("main#1")],
    ["connection_lost", new ConnectionLostError("main#1", { wasSent: true })],
    ["aborted", aborted()],
    ["timeout", new DOMException("too late", "TimeoutError")],
    ["TypeError", new TypeError("no")],
    ["_OTHER", aborted("a reason")],
    ["_OTHER", Object.assign(new Error("no"), { name: "secret: 'value'" })],
    ["_OTHER", undefined],
  ])("is %s", (type, error) => {
    expect(describeFailure(error).type).toBe(type);
  });

  test.each<[string, unknown]>([
    ["aborted", aborted()],
    ["aborted", aborted("a reason")],
    ["aborted", undefined],
    ["aborted", new TypeError("no")],
    ["aborted", serverError("23505", "what the program failed with elsewhere")],
    ["timeout", new DOMException("too late", "TimeoutError")],
    ["query_timeout", new QueryTimeoutError(5)],
    ["lease_released", new LeaseReleasedError("main#1")],
  ])("of what a caller gave up is %s", (type, reason) => {
    expect(describeAbort(reason)).toMatchObject({ type, sqlstate: null, serverMessage: null });
  });

  test("of a failed connect is the SQLSTATE, else the reason of the last attempt", () => {
    const attempts = [
      { host: "a", port: 1, reason: "ECONNREFUSED" },
      { host: "b", port: 2, reason: "read_only" },
    ];
    const refused = new ConnectError("no", { attempts, cause: serverError("28P01", "secret") });
    expect(describeFailure(refused)).toMatchObject({ type: "28P01", sqlstate: "28P01" });
    expect(describeFailure(new ConnectError("no", { attempts })).type).toBe("read_only");
    expect(describeFailure(new ConnectError("no", { attempts: [] })).type).toBe("connect");
  });
});

describe("the description of a failure", () => {
  test("is the class of the SQLSTATE, and the server's words stand apart", () => {
    expect(describeFailure(serverError("22P02", 'invalid: "secret"'))).toEqual({
      type: "22P02",
      sqlstate: "22P02",
      description: "data exception",
      serverMessage: 'invalid: "secret"',
    });
  });

  test("is null for a class that nobody knows and for what others throw", () => {
    expect(describeFailure(serverError("ZZ001", "secret")).description).toBeNull();
    expect(describeFailure(new Error("secret")).description).toBeNull();
    expect(describeFailure(new ConnectError("secret", { attempts: [] })).description).toBeNull();
  });
});
