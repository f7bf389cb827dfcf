import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpenConnection } from "../../src/connection/open-connection.ts";
import type { Field, QueryOptions } from "../../src/connection/query.ts";
import { hostileNameQueries, literalQueries, parameterQueries, type Sample, wideQueries } from "./samples.ts";
import { openConnection } from "./world.ts";

let server: PostgresServer;
let driver: pg.Client;
let connection: OpenConnection;

beforeAll(async () => {
  server = await startPostgres();
  const { host, port, user, database } = server;
  driver = new pg.Client({ host, port, user, database, types: { getTypeParser: driverParser } });
  await driver.connect();
  connection = await openConnection(server);
  for (const run of [(text: string) => driver.query(text), (text: string) => connection.script(text)]) {
    await run("set time zone 'Europe/Berlin'; set extra_float_digits = 3");
  }
  await driver.query("create type mood as enum ('sad', 'ok', 'happy'); create type pair as (a int, b text)");
});
afterAll(async () => {
  await connection.close();
  await driver.end();
  await server.stop();
});

/** The driver's parsers but for what ours are meant to do otherwise: `date` and the numbers of `numeric[]` as text. */
function driverParser(type: number, format?: "text" | "binary"): (text: string) => unknown {
  if (type === 1082) return (text) => text;
  return pg.types.getTypeParser(type === 1182 || type === 1231 ? 1009 : type, format);
}

interface Outcome {
  rows?: unknown[];
  rowCount?: number | null;
  command?: string;
  fields?: unknown[];
  error?: unknown;
}

/** What the driver gives, with our names for the columns' facts. */
async function byDriver({ text, values, rowMode }: Sample): Promise<Outcome> {
  try {
    const parameters = values === undefined ? {} : { values: [...values] };
    const config = { text, ...parameters };
    const result = rowMode === "array" ? driver.query({ ...config, rowMode }) : driver.query(config);
    const { rows, rowCount, fields }: pg.QueryResultBase & { rows: unknown[] } = await result;
    const named = fields.map(
      (field): Field => ({
        name: field.name,
        dataTypeId: field.dataTypeID,
        dataTypeSize: field.dataTypeSize,
        dataTypeModifier: field.dataTypeModifier,
        tableId: field.tableID,
        columnId: field.columnID,
      }),
    );
    return { rows, rowCount, fields: named };
  } catch (error) {
    return { error: describeError(error) };
  }
}

async function byUs({ text, values, rowMode }: Sample, options: QueryOptions): Promise<Outcome> {
  try {
    const mode = rowMode === undefined ? {} : { rowMode };
    const result = await connection.query(text, values, { ...options, ...mode });
    return { rows: result.rows, rowCount: result.rowCount, fields: [...result.fields] };
  } catch (error) {
    return { error: describeError(error) };
  }
}

/** All that a program can tell of an error, its stack apart. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return { ...error, class: error.constructor, message: error.message };
}

const samples = [...literalQueries(), ...parameterQueries(), ...hostileNameQueries(), ...wideQueries()];

describe("a query gives what the driver gives", () => {
  it(`for each of ${samples.length} samples, whether it is prepared or not, the first time and again`, {
    timeout: 180_000,
  }, async () => {
    for (const sample of samples) {
      const expected = await byDriver(sample);
      for (const options of [{ prepare: false }, {}, {}]) {
        const ours = await byUs(sample, options);
        expect(ours, sample.text).toStrictEqual(expected);
        expect(prototypesOf(ours), sample.text).toEqual(prototypesOf(expected));
      }
    }
    expect(samples.length).toBeGreaterThan(1000);
  });
});

/** `toStrictEqual` compares own properties; a row must also have the prototype that the driver gives it. */
function prototypesOf({ rows = [] }: Outcome): unknown[] {
  return rows.map((row) => [Object.getPrototypeOf(row), Object.keys(Object(row))]);
}
