import { describe, expect, it } from "vitest";
import {
  checkConnection,
  checkHost,
  checkName,
  checkPort,
  emptyDraft,
  fieldOf,
  freeName,
  guessEnvironment,
  hasFields,
  TLS_MODES,
  withField,
  withHost,
  withProfileOf,
} from "../../../src/model/connections/draft.ts";

describe("a draft of a connection", () => {
  it("is filled in part by part", () => {
    const draft = withField(
      withField(withHost(emptyDraft(), "db:5433"), "dbname", "orders"),
      "user",
      " app ",
    );
    expect(draft.profile.connection).toBe("postgresql://app@db:5433/orders");
    expect([fieldOf(draft, "host"), fieldOf(draft, "port"), fieldOf(draft, "sslmode")]).toEqual([
      "db",
      "5433",
      "",
    ]);
    expect(withField(draft, "sslmode", "require").profile.connection).toMatch(/\?sslmode=require$/);
  });

  it("takes socket directories, addresses and several hosts as they are", () => {
    const withHostOf = (host: string) => fieldOf(withHost(emptyDraft(), host), "host");
    for (const host of ["/run/postgresql", "::1", "a,b"]) expect(withHostOf(host)).toBe(host);
  });

  it("has no parts where a variable stands for them", () => {
    const draft = withProfileOf(emptyDraft(), { connection: ["$", "{env:DATABASE_URL}"].join("") });
    expect(hasFields(draft)).toBe(false);
    expect(hasFields(emptyDraft())).toBe(true);
  });
});

describe("an answer is checked before it is taken", () => {
  it("a host", () => {
    expect(checkHost("db.example.com")).toBeNull();
    expect(checkHost("a, b")).toBeNull();
    expect(checkHost("my host")).toBe("hostHasBlank");
    expect(checkHost("https://db")).toBe("hostIsConnection");
  });

  it("a port", () => {
    for (const port of ["", "5432", "1", "65535", "5432,5433"]) expect(checkPort(port)).toBeNull();
    for (const port of ["0", "65536", "x", "54 32", "5432,"]) expect(checkPort(port)).toBe("portIsNoNumber");
  });

  it("a name", () => {
    expect(checkName("b", ["a"])).toBeNull();
    expect(checkName(" a ", ["a"])).toBe("nameIsTaken");
    expect(checkName(" ", [])).toBe("nameIsEmpty");
  });

  it("a connection string", () => {
    expect(checkConnection("host=db")).toBeNull();
    expect(checkConnection(["$", "{env:URL}"].join(""))).toBeNull();
    expect(checkConnection("db")).toBe("notUnderstood");
  });
});

describe("what a draft proposes", () => {
  it("is a name that is free", () => {
    expect(freeName("alice's", ["orders"])).toBe("alice's");
    expect(freeName("orders@db", ["orders@db", "orders@db 2"])).toBe("orders@db 3");
  });

  it.each([
    ["postgresql://prod-db.example.com/orders", "production"],
    ["postgresql://db/orders_production", "production"],
    ["postgresql://staging.example.com/orders", "staging"],
    ["postgresql://localhost/orders", "development"],
    ["postgresql:///orders", "development"],
    ["postgresql://db.example.com/products", null],
  ])("is what %s is for: %s", (connection, kind) => expect(guessEnvironment(connection)).toBe(kind));

  it("is one of libpq's six TLS modes", () => expect(new Set(TLS_MODES).size).toBe(6));
});
