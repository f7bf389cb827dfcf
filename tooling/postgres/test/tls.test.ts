import { readFileSync } from "node:fs";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PostgresServer, startPostgres } from "../src/index.ts";

let server: PostgresServer;

beforeAll(async () => {
  server = await startPostgres({
    tls: true,
    hba: [
      "hostssl all certified 127.0.0.1/32 cert",
      "hostssl all all 127.0.0.1/32 trust",
      "hostnossl all all 127.0.0.1/32 reject",
    ].join("\n"),
  });
});
afterAll(() => server[Symbol.asyncDispose]());

function client(ssl: pg.ClientConfig["ssl"], user = "postgres"): pg.Client {
  return new pg.Client({ host: "localhost", port: server.port, user, database: "postgres", ssl });
}

function authority(): string {
  return readFileSync(server.caFile ?? "", "utf8");
}

test("a client that trusts the server's authority connects with its name verified", async () => {
  const connection = client({ ca: authority() });
  await connection.connect();
  const { rows } = await connection.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
  await connection.end();
  expect(rows).toEqual([{ ssl: true }]);
});

test("a client without TLS is turned away by the hba that was given", async () => {
  await expect(client(false).connect()).rejects.toMatchObject({ code: "28000" });
});

test("a client that does not trust the authority refuses the server", async () => {
  await expect(client(true).connect()).rejects.toMatchObject({ code: expect.stringMatching(/CERT|UNABLE/) });
});

test("a client certificate proves its user", async () => {
  const superuser = client({ ca: authority() });
  await superuser.connect();
  await superuser.query("create role certified login");
  await superuser.end();
  const { certFile, keyFile } = await server.issueClientCertificate("certified");

  const ssl = { ca: authority(), cert: readFileSync(certFile), key: readFileSync(keyFile) };
  const certified = client(ssl, "certified");
  await certified.connect();
  await certified.end();
  await expect(client({ ca: authority() }, "certified").connect()).rejects.toMatchObject({ code: "28000" });
});
