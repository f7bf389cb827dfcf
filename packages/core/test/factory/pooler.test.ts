import { isPgBouncerInstalled, startPgBouncer, startPostgres } from "@rockpool/postgres";
import { describe, expect, it } from "vitest";
import { createConnectionFactory } from "../../src/factory/create-connection-factory.ts";

const url = "postgresql://postgres@127.0.0.1:6432/postgres?sslmode=disable";

describe("behind a transaction pooler", () => {
  it.each([
    [
      `${url}&options=-c%20statement_timeout%3D5s`,
      {},
      /options from the connection string is a startup parameter/,
    ],
    [url, { PGOPTIONS: "-c geqo=off" }, /options from environment variable PGOPTIONS/],
    [url, { PGGEQO: "off" }, /geqo from environment variable PGGEQO/],
    [`${url}&replication=database`, {}, /replication from the connection string/],
  ])("%s with %j is refused, with what to do instead", (text, environment, message) => {
    const make = (pooler: "none" | "transaction") => () =>
      createConnectionFactory(text, { pooler, environment });
    expect(make("transaction")).toThrow(message);
    expect(make("transaction")).toThrow(/SET LOCAL .* ignore_startup_parameters/);
    expect(make("none")).not.toThrow();
  });

  it("the parameters that every pooler knows are let through", () => {
    const environment = { PGTZ: "UTC", PGDATESTYLE: "ISO", PGAPPNAME: "shop", PGCLIENTENCODING: "UTF8" };
    expect(() => createConnectionFactory(url, { pooler: "transaction", environment })).not.toThrow();
  });

  it("an option that is no choice, and an unknown option, are refused", () => {
    expect(() => createConnectionFactory(url, JSON.parse('{"pooler":"session"}'))).toThrow(/pooler must be/);
    expect(() => createConnectionFactory(url, JSON.parse('{"max":3}'))).toThrow(
      /max is not an option of a connection factory/,
    );
    expect(() => createConnectionFactory(url, { statementCacheSize: -1 })).toThrow(/statementCacheSize/);
    expect(() => createConnectionFactory(url, JSON.parse('{"configure":true}'))).toThrow(
      /configure must be a function, not boolean/,
    );
  });

  it.skipIf(!isPgBouncerInstalled())(
    "PgBouncer's refusal without the switch comes with what to set",
    async () => {
      await using server = await startPostgres();
      await using bouncer = await startPgBouncer(server);
      const place = { host: bouncer.host, port: bouncer.port, user: "postgres", sslmode: "disable" };
      const options = { environment: {}, homeDirectory: "/nowhere" };
      await expect(
        createConnectionFactory({ ...place, options: "-c geqo=off" }, options).connect(),
      ).rejects.toThrow(/unsupported startup parameter.*set pooler to "transaction" and leave out options/);
      await using connection = await createConnectionFactory(place, {
        ...options,
        pooler: "transaction",
      }).connect();
      expect((await connection.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
      expect(connection.backendPid).toBeNull();
      // A pooler does not report what a server is, so it is asked.
      const wants = (target_session_attrs: string) =>
        createConnectionFactory(
          { ...place, target_session_attrs },
          { ...options, pooler: "transaction" },
        ).connect();
      await using _writable = await wants("read-write");
      await expect(wants("standby")).rejects.toMatchObject({ attempts: [{ reason: "primary" }] });
    },
  );
});
