import { InstrumentType } from "@opentelemetry/sdk-metrics";
import { describe, expect, test } from "vitest";
import { databaseViews } from "../src/index.ts";

const ALL = [
  "db.client.operation.duration",
  "db.client.connection.wait_time",
  "db.client.connection.create_time",
  "db.client.connection.use_time",
  "db.client.response.returned_rows",
  "rockpool.connection.uses",
];

/** Our views beside one of the application. */
function beside(
  view: Parameters<typeof databaseViews>[0] extends readonly (infer V)[] | undefined ? V : never,
) {
  return databaseViews([view]).map(({ instrumentName }) => instrumentName);
}

test("there is a view for each histogram of the conventions and of Rockpool", () => {
  expect(databaseViews().map(({ instrumentName }) => instrumentName)).toEqual(ALL);
});

describe("a view of the application replaces ours, so that no metric is reported twice", () => {
  test("where it names the instrument, by a pattern too", () => {
    const name = "db.client.connection.wait_time";
    expect(beside({ instrumentName: name })).toEqual(ALL.filter((other) => other !== name));
    expect(beside({ instrumentName: "db.client.connection.*" })).toEqual([
      "db.client.operation.duration",
      "db.client.response.returned_rows",
      "rockpool.connection.uses",
    ]);
  });

  test("where it takes every instrument of Rockpool, every histogram, or all of one unit", () => {
    expect(beside({ meterName: "@rockpool/core" })).toEqual([]);
    expect(beside({ instrumentType: InstrumentType.HISTOGRAM })).toEqual([]);
    expect(beside({ instrumentUnit: "s" })).toEqual([
      "db.client.response.returned_rows",
      "rockpool.connection.uses",
    ]);
  });

  test("and leaves ours where it is about others", () => {
    expect(beside({ meterName: "other" })).toEqual(ALL);
    expect(beside({ meterName: "other", instrumentName: "*" })).toEqual(ALL);
    expect(beside({ instrumentType: InstrumentType.COUNTER, instrumentName: "*" })).toEqual(ALL);
    expect(beside({ instrumentUnit: "By" })).toEqual(ALL);
  });
});
