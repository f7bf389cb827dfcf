import { trace } from "@opentelemetry/api";
import * as older from "opentelemetry-api-1.8";
import * as newer from "opentelemetry-api-1.10";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakePool } from "./fake-pool.ts";
import { TestSdk } from "./sdk.ts";

/** An application's own copy of the API. */
type Registry = Pick<typeof trace, "setGlobalTracerProvider">;

let warnings: string[] = [];
const emitWarning = process.emitWarning;

beforeEach(() => {
  warnings = [];
  process.emitWarning = (warning: string | Error) => {
    warnings.push(String(warning));
  };
});

afterEach(() => {
  process.emitWarning = emitWarning;
  // Whichever version registers first leaves its mark for the whole process.
  Reflect.deleteProperty(globalThis, Symbol.for("opentelemetry.js.api.1"));
  TestSdk.stop();
  vi.resetModules();
});

/** As an application does that resolved another copy than this package. */
function startWith(api: Registry): TestSdk {
  const sdk = new TestSdk();
  api.setGlobalTracerProvider(sdk.tracerProvider);
  return sdk;
}

function use(pool: FakePool): void {
  pool.checkout(pool.connect()).released();
}

describe("an SDK with another version of the API", () => {
  test("that is older cannot be seen, which is said once", () => {
    const sdk = startWith(older.trace);
    for (const name of ["a", "b"]) use(new FakePool({ name }));
    expect(sdk.spans).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("@opentelemetry/api 1.8.0")]);
  });

  test("that is newer works without a word", () => {
    const sdk = startWith(newer.trace);
    use(new FakePool());
    expect(sdk.spansNamed("pool.checkout")).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  test("is no matter where there is no SDK at all", () => {
    use(new FakePool());
    expect(trace.getTracerProvider()).toBeDefined();
    expect(warnings).toEqual([]);
  });
});
