import { trace } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakePool } from "./fake-pool.ts";
import { TestSdk } from "./sdk.ts";

const KEY = Symbol.for("opentelemetry.js.api.1");

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
  Reflect.deleteProperty(globalThis, KEY);
  TestSdk.stop();
  vi.resetModules();
});

/** As if the application had started its SDK with another version of the API. */
function startWith(version: string): TestSdk {
  const sdk = new TestSdk();
  Reflect.set(globalThis, KEY, { version, trace: sdk.tracerProvider, metrics: sdk.meterProvider });
  return sdk;
}

function use(pool: FakePool): void {
  pool.checkout(pool.connect()).released();
}

describe("an SDK with another version of the API", () => {
  test("that is older cannot be seen, which is said once", () => {
    const sdk = startWith("1.8.0");
    for (const name of ["a", "b"]) use(new FakePool({ name }));
    expect(sdk.spans).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining("@opentelemetry/api 1.8.0")]);
  });

  test("that is newer works without a word", () => {
    const sdk = startWith("1.10.0");
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
