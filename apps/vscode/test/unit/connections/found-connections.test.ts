import { describe, expect, it } from "vitest";
import { readVariables } from "../../../src/model/connections/dotenv.ts";
import {
  foundInPasswordFile,
  foundInVariables,
  foundServices,
} from "../../../src/model/connections/found-connections.ts";

const DOTENV = { place: ".env", isSupplied: true };

describe("connections are found", () => {
  it("in every variable that is named for a database and holds a connection string", () => {
    const variables = readVariables(
      [
        "DATABASE_URL=postgresql://app:secret@db/orders",
        "POSTGRES_URL=postgres://db/one",
        "POSTGRES_PRISMA_URL=postgres://db/two?schema=public&pgbouncer=true",
        "BILLING_DATABASE_URL='postgresql://db/three'",
        "DATABASE_URL_NOTE=postgresql://db/no",
        "REDIS_URL=redis://localhost",
        "OTHER_DATABASE_URL=mysql://db/no",
        "HOMEPAGE=https://example.com",
      ].join("\n"),
    );
    expect(foundInVariables(variables, DOTENV).map(({ label, connection }) => [label, connection])).toEqual([
      ["DATABASE_URL", "postgresql://app:secret@db/orders"],
      ["POSTGRES_URL", "postgres://db/one"],
      ["POSTGRES_PRISMA_URL", "postgres://db/two"],
      ["BILLING_DATABASE_URL", "postgresql://db/three"],
    ]);
  });

  it("in libpq's variables, once they name a host or a database", () => {
    const variables = {
      PGHOST: "db",
      PGPORT: "5433",
      PGUSER: "app",
      PGPASSWORD: "secret",
      PGDATABASE: "orders",
    };
    expect(foundInVariables(variables, DOTENV)).toEqual([
      { label: "PG*", connection: "postgresql://app:secret@db:5433/orders", ...DOTENV },
    ]);
    expect(foundInVariables({ PGUSER: "app" }, DOTENV)).toEqual([]);
  });

  it("as the services of a service file", () => {
    const text = "# [no]\n[orders]\nhost=db\n\n [it's]\nhost=db2\n[orders]\nport=1\n";
    expect(foundServices(text, "pg_service.conf").map(({ connection }) => connection)).toEqual([
      "service='orders'",
      "service='it\\'s'",
    ]);
  });

  it("in a password file, without the password", () => {
    const text = [
      "# comment:1:2:3:4",
      "db.example.com:5432:orders:app:secret",
      "db.example.com:5432:orders:app:again",
      "other\\:host:*:*:me:secret",
      "*:*:*:app:secret",
      "broken",
    ].join("\n");
    const found = foundInPasswordFile(text, ".pgpass");
    expect(found.map(({ label, connection }) => [label, connection])).toEqual([
      ["orders@db.example.com", "postgresql://app@db.example.com:5432/orders"],
      ["other:host", "postgresql://me@[other:host]/"],
    ]);
    expect(JSON.stringify(found)).not.toContain("secret");
  });
});
