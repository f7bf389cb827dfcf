import { type PostgresServer, startPostgres } from "@rockpool/postgres";
import pg from "pg";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { openConnection } from "./world.ts";

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.stop());

const dateParser = pg.types.getTypeParser(1082);
afterEach(() => pg.types.setTypeParser(1082, dateParser));

const text = `
  select 9007199254740993::int8 as big, 12345678901234567890.123::numeric as exact, date '2024-02-29' as day,
    date 'infinity' as never, array[9007199254740993]::int8[] as bigs, array[1.10, null, 'NaN']::numeric[] as exacts,
    array[date '2024-02-29', null] as days, timestamptz '2024-02-29 00:00+00' as moment`;
const safe = {
  big: "9007199254740993",
  exact: "12345678901234567890.123",
  day: "2024-02-29",
  never: "infinity",
  bigs: ["9007199254740993"],
  exacts: ["1.10", null, "NaN"],
  days: ["2024-02-29", null],
  moment: new Date(Date.UTC(2024, 1, 29)),
};

it("no value loses digits or its day on the way, whether its row is decoded once or by a compiled decoder", async () => {
  await using connection = await openConnection(server);
  const rows = await connection.cursor(`${text} from generate_series(1, 100)`).fetchAll();
  expect(rows).toEqual(Array(100).fill(safe));
});

it("a parser for a type counts before that, on the connection or for one query", async () => {
  const types = { 1082: (value: string) => new Date(`${value}T00:00:00Z`), 1231: (value: string) => value };
  await using connection = await openConnection(server, { types });
  const { rows } = await connection.query<typeof safe>(text, [], { types: { 20: BigInt } });
  expect(rows[0]).toMatchObject({
    day: new Date(Date.UTC(2024, 1, 29)),
    exacts: "{1.10,NULL,NaN}",
    big: 9007199254740993n,
    days: safe.days,
  });
});

it("so does one that the program has given to the driver", async () => {
  pg.types.setTypeParser(1082, (value) => `day ${value}`);
  await using connection = await openConnection(server);
  expect((await connection.query(text)).rows[0]).toMatchObject({
    day: "day 2024-02-29",
    never: "day infinity",
  });
});

it("a parser of the connection or of one query is given what the server sent, and nothing else", async () => {
  const given: string[] = [];
  const note = (value: string): string => {
    given.push(value);
    return value;
  };
  const strict = { 16: note, 23: note, 1082: note, 1114: note, 1184: note };
  const sent = "select true, 42, date '2026-01-02', timestamp '2026-01-02 03:04', null::timestamptz";
  await using connection = await openConnection(server, { types: strict });
  await connection.query(sent);
  await connection.query(sent, [], { types: strict });
  const values = ["t", "42", "2026-01-02", "2026-01-02 03:04:00"];
  expect(given).toEqual([...values, ...values]);
});

it("one that the program has given to the driver may refuse whatever the program's data does not hold", async () => {
  pg.types.setTypeParser(1082, (value) => {
    if (!value.startsWith("2026-")) throw new Error(`not of this year: ${value}`);
    return value;
  });
  await using connection = await openConnection(server);
  expect((await connection.query("select date '2026-01-02' as day")).rows).toEqual([{ day: "2026-01-02" }]);
});
