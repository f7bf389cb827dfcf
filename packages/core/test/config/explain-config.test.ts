import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConfigEntry, explainConfig } from "../../src/config/explain-config.ts";
import type { ConnectionConfig } from "../../src/config/resolve-config.ts";
import { createPool } from "../../src/create-pool.ts";
import { ConfigError } from "../../src/errors.ts";
import { createConnectionFactory } from "../../src/factory/create-connection-factory.ts";

let home: string;
let passfile: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "rockpool-explain-"));
  passfile = join(home, ".pgpass");
  writeFileSync(passfile, "db1:*:*:app:from file\n", { mode: 0o600 });
  writeFileSync(join(home, ".pg_service.conf"), "[shop]\nhost=db1\nuser=app\nconnect_timeout=3\n");
});
afterAll(() => rmSync(home, { recursive: true }));

function explain(config: ConnectionConfig, environment: Record<string, string> = {}): ConfigEntry[] {
  return explainConfig(config, { environment, homeDirectory: home });
}

function entry(entries: readonly ConfigEntry[], keyword: string): string {
  const found = entries.find((candidate) => candidate.keyword === keyword);
  return found === undefined ? "none" : `${found.value} (${found.source})`;
}

describe("explainConfig", () => {
  it("tells for each value where it came from", () => {
    const entries = explain(
      {
        connectionString: "postgresql://ignored@db9/orders?application_name=a",
        user: "app",
        service: "shop",
      },
      { PGPORT: "6432", PGSSLMODE: "require", PGUSER: "nobody" },
    );
    expect(
      Object.fromEntries(
        ["user", "host", "dbname", "connect_timeout", "port", "sslmode", "sslsni"].map((keyword) => [
          keyword,
          entry(entries, keyword),
        ]),
      ),
    ).toEqual({
      user: "app (the config object)",
      host: "db9 (the connection string)",
      dbname: "orders (the connection string)",
      connect_timeout: `3 (service file ${join(home, ".pg_service.conf")} [shop])`,
      port: "6432 (environment variable PGPORT)",
      sslmode: "require (environment variable PGSSLMODE)",
      sslsni: "1 (default)",
    });
  });

  it("masks a password, from wherever it comes", () => {
    expect(entry(explain("postgresql://u:secret@db2/d"), "password")).toBe(
      "******** (the connection string)",
    );
    expect(entry(explain("service=shop"), "password")).toBe(`******** (password file ${passfile})`);
    expect(entry(explain("", { PGPASSWORD: "secret" }), "password")).toBe(
      "******** (environment variable PGPASSWORD)",
    );
    expect(entry(explain("sslpassword=secret"), "sslpassword")).toBe("******** (the connection string)");
    expect(JSON.stringify(explain("user=u password=secret sslpassword=secret"))).not.toContain("secret");
  });

  it("fills in the user of the system, a database of the same name and a server on this machine", () => {
    const entries = explain("");
    const { username } = userInfo();
    expect(entry(entries, "user")).toBe(`${username} (default)`);
    expect(entry(entries, "dbname")).toBe(`${username} (default)`);
    expect(entry(entries, "host")).toMatch(/^(\/var\/run\/postgresql|\/tmp|localhost) \(default\)$/);
    expect(entry(entries, "port")).toBe("5432 (default)");
    expect(entry(explain({ user: "app" }), "dbname")).toBe("app (default)");
  });

  it("raises the default of sslmode with the roots of the system", () => {
    expect(entry(explain({ sslrootcert: "system" }), "sslmode")).toBe(
      "verify-full (default with sslrootcert=system)",
    );
  });

  it("ignores a password file that others can read", () => {
    chmodSync(passfile, 0o640);
    expect(entry(explain("service=shop"), "password")).toBe("none");
    chmodSync(passfile, 0o600);
  });

  it("gives one entry per keyword, in libpq's order, and none for an empty value", () => {
    const keywords = explain("host=a password='' options=''").map(({ keyword }) => keyword);
    expect(keywords).toEqual([...new Set(keywords)]);
    expect(keywords.indexOf("user")).toBeLessThan(keywords.indexOf("host"));
    expect(keywords).not.toContain("options");
    expect(keywords).not.toContain("password");
  });
});

describe("a config object", () => {
  it("takes libpq's keywords, numbers, booleans and the driver's word for the database", () => {
    const entries = explain({
      host: "db",
      port: 6432,
      keepalives: false,
      sslsni: true,
      database: "orders",
      user: undefined,
    });
    expect(entry(entries, "port")).toBe("6432 (the config object)");
    expect(entry(entries, "keepalives")).toBe("0 (the config object)");
    expect(entry(entries, "sslsni")).toBe("1 (the config object)");
    expect(entry(entries, "dbname")).toBe("orders (the config object)");
  });

  it("leaves an empty value to the next source", () => {
    expect(entry(explain({ host: "" }, { PGHOST: "db3" }), "host")).toBe("db3 (environment variable PGHOST)");
  });

  it.each([
    ["databse", "dbname"],
    ["username", "user"],
    ["applicationName", "application_name"],
    ["sslMode", "sslmode"],
    ["ssl_mode", "sslmode"],
    ["target_session_attr", "target_session_attrs"],
    ["url", "connectionString"],
  ])("with the unknown key %s is refused with the nearest known one", (key, nearest) => {
    const config: ConnectionConfig = JSON.parse(JSON.stringify({ [key]: "x" }));
    expect(() => explain(config)).toThrow(ConfigError);
    expect(() => explain(config)).toThrow(new RegExp(`unknown key "${key}"; did you mean ${nearest}\\?`));
  });

  it("is refused where it is a URL object, which sets nothing that could be read as a parameter", () => {
    const url = new URL("postgresql://app@db1/orders");
    for (const take of [explainConfig, createConnectionFactory, createPool]) {
      expect(() => Reflect.apply(take, null, [url])).toThrow(
        new ConfigError("a configuration is not a URL object; give the text that it was made of"),
      );
    }
  });

  it("is refused where it is a promise, which somebody forgot to await", async () => {
    for (const take of [explainConfig, createConnectionFactory, createPool]) {
      expect(() => Reflect.apply(take, null, [Promise.resolve("host=db1")])).toThrow(
        new ConfigError("a configuration is not a promise; await it first"),
      );
    }
  });

  it("with dbname and database, or with a value that is no text, is refused", () => {
    expect(() => explain({ dbname: "a", database: "b" })).toThrow(/both database and dbname/);
    const config: ConnectionConfig = JSON.parse('{"host":["a"]}');
    expect(() => explain(config)).toThrow(/host in the config object must be text/);
    for (const none of ["null", "5", "[]", '{"connectionString":5}']) {
      expect(() => explain(JSON.parse(none)), none).toThrow(ConfigError);
      expect(() => createConnectionFactory(JSON.parse(none)), none).toThrow(ConfigError);
    }
  });
});

describe("allowedKeys", () => {
  const allowed = (config: ConnectionConfig, allowedKeys: readonly string[]) => () =>
    explainConfig(config, { environment: { PGPASSFILE: passfile }, homeDirectory: home, allowedKeys });

  it("refuses what an untrusted configuration may not set, and leaves the environment alone", () => {
    const keys = ["host", "port", "dbname", "user"];
    expect(allowed("postgresql://app@db1:1/orders", keys)).not.toThrow();
    expect(allowed("postgresql://db1/orders?passfile=/etc/shadow", keys)).toThrow(
      /sets passfile, which is not among the allowed keys \(host, port, dbname, user\)/,
    );
    expect(allowed("service=shop", keys)).toThrow(/sets service/);
    expect(allowed({ sslkey: "/home/x/key" }, keys)).toThrow(/the config object sets sslkey/);
    expect(allowed("postgresql://app:secret@db1", keys)).toThrow(/sets password/);
  });

  it("is itself refused where it allows what does not exist", () => {
    expect(allowed("host=db1", ["host", "hosts"])).toThrow(/allowedKeys has "hosts".*did you mean host\?/);
  });
});

describe("an error names the source and the remedy, and never a password", () => {
  it.each<[ConnectionConfig, Record<string, string>, RegExp, string | null]>([
    [
      "postgresql://db?sslmod=require",
      {},
      /unknown parameter "sslmod"; did you mean sslmode\?/,
      "the connection string",
    ],
    [
      "",
      { PGSSLMODE: "always" },
      /sslmode from environment variable PGSSLMODE must be one of disable, .*; it is "always"/,
      "environment variable PGSSLMODE",
    ],
    [
      "",
      { PGPORT: "none" },
      /a port from environment variable PGPORT is not a number from 1 to 65535/,
      "environment variable PGPORT",
    ],
    [
      "host=a,b port=1,2,3",
      {},
      /3 ports from the connection string do not match 2 hosts/,
      "the connection string",
    ],
    [
      "hostaddr=1.1.1.1,2.2.2.2 host=a",
      {},
      /1 hosts do not match 2 values of hostaddr/,
      "the connection string",
    ],
    [
      "service=nowhere",
      {},
      /service "nowhere" from the connection string is not defined: looked in .*; define it or set PGSERVICEFILE/,
      "the connection string",
    ],
    [
      "",
      { PGSERVICE: "x", PGSERVICEFILE: "/no/file" },
      /"\/no\/file" does not exist/,
      "environment variable PGSERVICEFILE",
    ],
    [
      "sslnegotiation=direct",
      {},
      /sslmode from default must be require, verify-ca, verify-full with sslnegotiation=direct/,
      "default",
    ],
    ["requirepeer=postgres", {}, /requirepeer .* is not supported: /, "the connection string"],
    ["gssencmode=require", {}, /gssencmode .* there is no GSSAPI/, "the connection string"],
    ["client_encoding=LATIN1", {}, /client_encoding .* must be UTF8/, "the connection string"],
    ["sslcertmode=require", {}, /sslcertmode/, "the connection string"],
    ["min_protocol_version=3.2", {}, /must be 3\.0/, "the connection string"],
    [
      "connect_timeout=soon",
      {},
      /connect_timeout from the connection string must be an integer; it is "soon"/,
      "the connection string",
    ],
    ["host=a\0b", {}, /NUL/, "the connection string"],
  ])("%j %j", (config, environment, message, source) => {
    expect(() => explain(config, environment)).toThrow(message);
    expect(() => explain(config, environment)).toThrow(
      expect.objectContaining({ code: "POOL_CONFIG", source }),
    );
  });

  it.each([
    "postgresql://app:hunter2/x@db/orders",
    "postgresql://app:hun/ter2@db/orders",
    "postgresql://app:hunter2%@db/orders",
    "postgresql://app:my hunter2@db/orders",
    "postgresql://app:hunter2@db:x/orders",
    "postgresql://app:hunter2@[::1/orders",
    "postgresql://app:hunter2@db/orders?bogus=1",
    "postgresql://db/orders?password=a&hunter2",
    "postgresql://db/orders?password=a&hunter2=b",
    "postgresql://db/orders?password=a=hunter2",
    "password=my hunter2",
    "password=my hunter2=x",
    "password='hunter2",
    "password='my'hunter2=x",
    "user=a password=hunter2 sslmode=bogus",
  ])("%s", (text) => {
    let failure: unknown = null;
    try {
      explain(text);
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(ConfigError);
    expect(String(failure)).not.toMatch(/hunter2|hun\b|ter2/);
  });
});
