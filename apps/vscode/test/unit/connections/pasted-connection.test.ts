import { explainConfig } from "@rockpool/core";
import { describe, expect, it } from "vitest";
import {
  composeUri,
  describeConnection,
  parseConnection,
  withValue,
} from "../../../src/model/connections/connection-values.ts";
import { readPasted } from "../../../src/model/connections/pasted-connection.ts";

const ORDERS = "postgresql://app@db.example.com:5433/orders";

describe("a pasted text is understood", () => {
  it.each([
    [
      "uri",
      "postgres://app:s%40cret@db:5433/orders?sslmode=require",
      "postgres://app@db:5433/orders?sslmode=require",
      "s@cret",
    ],
    ["uri", '"postgresql://app:secret@db/orders";', "postgresql://app@db/orders", "secret"],
    [
      "uri",
      "postgresql://app:secret@a:1,b:2/orders?target_session_attrs=primary",
      "postgresql://app@a:1,b:2/orders?target_session_attrs=primary",
      "secret",
    ],
    [
      "uri",
      "postgresql://app@db/orders?schema=public&sslmode=require&connection_limit=5&sslmod=x",
      "postgresql://app@db/orders?sslmode=require&sslmod=x",
      null,
    ],
    ["uri", "postgresql+asyncpg://app@db/orders?schema=public", "postgresql://app@db/orders", null],
    [
      "keywords",
      "host=db port=5433 dbname=orders user=app password='s p'",
      "host=db port=5433 dbname=orders user=app",
      "s p",
    ],
    ["keywords", "service=orders", "service=orders", null],
    ["jdbc", "jdbc:postgresql://db.example.com:5433/orders?user=app&password=secret", ORDERS, "secret"],
    ["jdbc", "jdbc:postgresql:orders", "postgresql:///orders", null],
    [
      "jdbc",
      "jdbc:postgresql://db/orders?ssl=true&currentSchema=shop",
      "postgresql://db/orders?sslmode=verify-full&options=-c%20search_path%3Dshop",
      null,
    ],
    [
      "jdbc",
      "jdbc:postgresql://a:1,b:2/orders?targetServerType=preferSecondary",
      "postgresql://a:1,b:2/orders?target_session_attrs=prefer-standby",
      null,
    ],
    [
      "jdbc",
      "jdbc:postgresql://db/orders?sslmode=require&ssl=true&prepareThreshold=0",
      "postgresql://db/orders?sslmode=require",
      null,
    ],
    ["command", "psql -h db.example.com -p 5433 -U app orders", ORDERS, null],
    [
      "command",
      "$ PGPASSWORD='se cret' psql --host=db.example.com -p5433 -U app -d orders -c 'select 1'",
      ORDERS,
      "se cret",
    ],
    [
      "command",
      'psql "host=db user=app dbname=orders sslmode=require"',
      "postgresql://app@db/orders?sslmode=require",
      null,
    ],
    ["command", "psql postgresql://app:secret@db.example.com:5433/orders", ORDERS, "secret"],
    ["command", "psql -h db.example.com -p 5433 \\\n  -U app -d orders", ORDERS, null],
    ["command", "psql -X -v ON_ERROR_STOP=1 -h db.example.com -p 5433 orders app", ORDERS, null],
    [
      "variables",
      "export PGHOST=db.example.com\nexport PGPORT=5433\nexport PGUSER=app PGX=1\nexport PGDATABASE=orders\n",
      null,
      null,
    ],
    [
      "variables",
      'PGHOST=db.example.com\nPGPORT=5433\nPGUSER=app\nPGPASSWORD="secret" # mine\nPGDATABASE=orders',
      ORDERS,
      "secret",
    ],
    [
      "variables",
      "export PGHOST=db.example.com; export PGPORT=5433 && export PGUSER=app; export PGDATABASE=orders",
      ORDERS,
      null,
    ],
    [
      "variables",
      '$env:PGHOST = "db.example.com"\n$env:PGPORT = "5433"\n$env:PGUSER = "app"\n$env:PGDATABASE = "orders"',
      ORDERS,
      null,
    ],
    [
      "variables",
      "set PGHOST=db.example.com\r\nset PGPORT=5433\r\nset PGUSER=app\r\nset PGDATABASE=orders",
      ORDERS,
      null,
    ],
    ["variables", "DATABASE_URL=postgresql://app:secret@db.example.com:5433/orders", ORDERS, "secret"],
    [
      "code",
      "const client = new Client({\n  host: 'db.example.com',\n  port: 5433,\n  user: 'app',\n  password: 'it\\'s',\n  database: 'orders',\n})",
      ORDERS,
      "it's",
    ],
    [
      "code",
      'new Pool({ connectionString: "postgresql://app:secret@db.example.com:5433/orders", max: 5 });',
      ORDERS,
      "secret",
    ],
    [
      "code",
      "new Client({ host: 'db.example.com', port: 5433, user: 'app', database: 'orders', password: process.env.PW, ssl: { rejectUnauthorized: false } })",
      `${ORDERS}?sslmode=require`,
      null,
    ],
    [
      "code",
      'psycopg2.connect(host="db.example.com", port=5433, dbname="orders", user="app", password="secret")',
      ORDERS,
      "secret",
    ],
    [
      "code",
      'psycopg.connect("host=db user=app dbname=orders password=secret")',
      "host=db user=app dbname=orders",
      "secret",
    ],
    [
      "code",
      'create_engine("postgresql+psycopg2://app:secret@db.example.com:5433/orders")',
      ORDERS,
      "secret",
    ],
    [
      "code",
      "PG.connect(host: 'db.example.com', port: 5433, dbname: 'orders', user: 'app', password: 'secret')",
      ORDERS,
      "secret",
    ],
    [
      "code",
      "new PDO('pgsql:host=db.example.com;port=5433;dbname=orders;user=app;password=secret')",
      ORDERS,
      "secret",
    ],
    ["code", "Host=db.example.com;Port=5433;Username=app;Password=secret;Database=orders", ORDERS, "secret"],
    [
      "code",
      "Server=db.example.com;Port=5433;User Id=app;Password=secret;Database=orders;",
      ORDERS,
      "secret",
    ],
    [
      "code",
      "development:\n  adapter: postgresql\n  host: db.example.com\n  port: 5433\n  username: app\n  database: orders\n",
      ORDERS,
      null,
    ],
    ["code", "spring.datasource.url=jdbc:postgresql://db.example.com:5433/orders?user=app", ORDERS, null],
  ] as const)("%s: %s", (format, text, connection, password) => {
    const pasted = readPasted(text);
    expect(pasted?.format).toBe(format);
    if (connection !== null) expect(pasted).toEqual({ format, connection, password });
  });

  it.each(["", "hello", "mysql://u@h/db", "select 1", "a = b", "https://example.com/?host=x"])(
    "not where it is none: %j",
    (text) => expect(readPasted(text)).toBeNull(),
  );
});

describe("the parts of a connection string", () => {
  it.each([
    "postgresql://app@db:5433/orders?sslmode=require",
    "postgresql://a%40b:p%2Fw@h%C3%A9:1/d%20b?application_name=x%26y",
    "postgresql://u@h1:1,h2:2/db",
    "postgresql://u@[::1]:5432/db",
    "postgresql:///db?host=/run/postgresql",
    "host=h port=1 dbname='a b' user=u",
  ])("are those that the driver finds, also when they are put together anew: %s", (text) => {
    const options = { environment: {}, homeDirectory: "/nowhere" };
    const meant = (connection: string) =>
      explainConfig(connection, options).filter(({ source }) => source === "the connection string");
    const values = parseConnection(text);
    for (const { keyword, value } of meant(text)) {
      if (keyword !== "password") expect(values?.get(keyword), keyword).toBe(value);
    }
    expect(meant(composeUri(values ?? new Map()))).toEqual(meant(text));
  });

  it("can be changed one by one", () => {
    expect(withValue("postgresql://app@db/orders", "port", "5433")).toBe("postgresql://app@db:5433/orders");
    expect(withValue("postgresql://app@db:5433/orders", "port", "")).toBe("postgresql://app@db/orders");
    expect(withValue("host=db dbname=orders", "sslmode", "require")).toBe(
      "postgresql://db/orders?sslmode=require",
    );
  });

  it("are not guessed where a variable stands for them", () => {
    expect(parseConnection(["$", "{env:DATABASE_URL}"].join(""))).toBeNull();
    expect(parseConnection(["postgresql://$", "{env:HOST}/db"].join(""))).toBeNull();
  });

  it.each([
    ["postgresql://app:secret@db:5433/orders?sslmode=require", "app@db:5433/orders"],
    ["postgresql:///orders", "localhost/orders"],
    ["host=db", "db"],
    ["host=/run/postgresql dbname=orders password=secret", "/run/postgresql/orders"],
    ["service='reports'", "service reports"],
    ["postgresql://u@[::1]:5432/db", "u@[::1]:5432/db"],
    [["postgresql://u:p@$", "{env:HOST}/db"].join(""), ["postgresql://u@$", "{env:HOST}/db"].join("")],
  ])("say in short where it goes: %s", (text, short) => expect(describeConnection(text)).toBe(short));
});
