import { describe, expect, test } from "vitest";
import {
  launchEnvironment,
  ownTelemetryWay,
  receiverEnvironment,
} from "../../../src/model/receiver/receiver-environment.ts";
import { Throttle } from "../../../src/model/receiver/throttle.ts";
import { ManualClock } from "../fake-database.ts";

const URL = "http://127.0.0.1:4318";
const VARIABLES = receiverEnvironment(URL);

test("a program is told where to report, and to report soon", () => {
  expect(VARIABLES).toEqual({
    OTEL_EXPORTER_OTLP_ENDPOINT: URL,
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_METRIC_EXPORT_INTERVAL: "1000",
    OTEL_METRIC_EXPORT_TIMEOUT: "1000",
    OTEL_BSP_SCHEDULE_DELAY: "500",
  });
});

describe("telemetry that goes somewhere already", () => {
  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" }, "OTEL_EXPORTER_OTLP_ENDPOINT"],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://jaeger" }, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"],
    [{ OTEL_SDK_DISABLED: "true" }, "OTEL_SDK_DISABLED"],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: URL }, null],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "" }, null],
    [{ OTEL_SERVICE_NAME: "shop" }, null],
  ])("%j is named by %s", (environment, name) => {
    expect(ownTelemetryWay(URL, [{}, environment])).toBe(name);
  });
});

describe("a launch", () => {
  test("gets the variables beside its own", () => {
    expect(
      launchEnvironment({ env: { PORT: "80", OTEL_BSP_SCHEDULE_DELAY: "9" }, envFile: null }, VARIABLES),
    ).toEqual({ ...VARIABLES, PORT: "80", OTEL_BSP_SCHEDULE_DELAY: "9" });
    expect(launchEnvironment({ env: undefined, envFile: "PORT=80" }, VARIABLES)).toEqual(VARIABLES);
  });

  test.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector" }, null],
    [{ OTEL_TRACES_EXPORTER: null }, null],
    [undefined, "OTEL_EXPORTER_OTLP_ENDPOINT=http://collector\n"],
  ])("that sends its telemetry elsewhere is left alone: env %j, file %j", (env, envFile) => {
    expect(launchEnvironment({ env, envFile }, VARIABLES)).toBeNull();
  });
});

describe("a sender whose reports cost much", () => {
  async function settled(promise: Promise<void>): Promise<boolean> {
    let isSettled = false;
    void promise.then(() => {
      isSettled = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    return isSettled;
  }

  test("is answered at once while they cost little", async () => {
    const clock = new ManualClock();
    expect(await settled(new Throttle(clock).run(() => clock.advance(4)))).toBe(true);
    expect(clock.timerCount).toBe(0);
  });

  test("is answered so much later that a fifth of the time is work", async () => {
    const clock = new ManualClock();
    const answer = new Throttle(clock).run(() => clock.advance(50));
    clock.advance(199);
    expect(await settled(answer)).toBe(false);
    clock.advance(1);
    expect(await settled(answer)).toBe(true);
  });

  test("learns what the work threw", async () => {
    const throttle = new Throttle(new ManualClock());
    await expect(
      throttle.run(() => {
        throw new Error("broken");
      }),
    ).rejects.toThrow("broken");
  });
});
