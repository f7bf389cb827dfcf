import { createRequire } from "node:module";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPool } from "../../src/create-pool.ts";
import type { PgInstrumentationPolicy } from "../../src/telemetry/options.ts";
import { TestSdk } from "./sdk.ts";

const require = createRequire(import.meta.url);

let server: PostgresServer;
let sdk: TestSdk;
const instrumentation = new PgInstrumentation({ enabled: false });

beforeAll(async () => {
  server = await startPostgres();
});

afterAll(async () => {
  await server.stop();
});

beforeEach(() => {
  sdk = TestSdk.start();
});

afterEach(() => {
  instrumentation.disable();
  TestSdk.stop();
});

/** Lets the other instrumentation patch the driver, which it does when the driver is required. */
function patchDriver(): void {
  instrumentation.setTracerProvider(sdk.tracerProvider);
  instrumentation.enable();
  const pg = require("pg");
  if (pg.Client.prototype.query.__wrapped !== true) throw new Error("the driver was not patched");
}

async function use(
  onPgInstrumentation?: PgInstrumentationPolicy,
  between: () => void = () => {},
): Promise<void> {
  const telemetry = onPgInstrumentation === undefined ? {} : { onPgInstrumentation };
  await using pool = createPool(server.url, { name: "main", max: 2, telemetry });
  await pool.query("select $1::int", [1]);
  between();
  await pool.evictAll();
  await pool.transaction((tx) => tx.query("select 2 from pg_class limit 1"));
}

function scopes(): string[] {
  return [...new Set(sdk.spans.map((span) => span.instrumentationScope.name))].sort();
}

describe("with instrumentation-pg", () => {
  test("loaded before, nothing is told twice", async () => {
    patchDriver();
    await use();
    expect(scopes()).toEqual(["@rockpool/core"]);
    expect(sdk.spansNamed("CONNECT postgres")).toHaveLength(2);
    expect(sdk.spansNamed("select pg_class")).toHaveLength(1);
  });

  test("loaded after, nothing is told twice", async () => {
    await use("suppress", patchDriver);
    expect(scopes()).toEqual(["@rockpool/core"]);
    expect(sdk.spansNamed("CONNECT postgres")).toHaveLength(2);
  });

  test("that is to speak for the driver, no query and no connect is ours", async () => {
    patchDriver();
    await use("defer");
    expect(sdk.spansNamed("CONNECT postgres")).toEqual([]);
    expect(sdk.spansNamed("select pg_class")).toEqual([]);
    expect(sdk.spansNamed("pool.checkout")).toHaveLength(2);
  });

  test("and leave for both, each tells its own", async () => {
    patchDriver();
    await use("both");
    expect(scopes()).toEqual(["@opentelemetry/instrumentation-pg", "@rockpool/core"]);
  });
});
