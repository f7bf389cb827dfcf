import { describe, expect, it } from "vitest";
import {
  expandEnvironment,
  looksLikeConnection,
  proposeName,
  takePassword,
} from "../../../src/model/connections/connection-text.ts";
import { readVariables } from "../../../src/model/connections/dotenv.ts";

const variable = (name: string): string => `\${env:${name}}`;

describe("a password is taken out of a connection string", () => {
  it.each([
    ["postgresql://u:p@h/db", "postgresql://u@h/db", "p"],
    ["postgres://u:p%40ss@h:1/db?a=b", "postgres://u@h:1/db?a=b", "p@ss"],
    ["postgresql://u:a@b@h/db", "postgresql://u@h/db", "a@b"],
    ["postgresql://u@h/db?password=x%20y&sslmode=require", "postgresql://u@h/db?sslmode=require", "x y"],
    ["postgresql://u@h/db?password=x", "postgresql://u@h/db", "x"],
    ["postgresql://u:p@h1:1,h2:2/db", "postgresql://u@h1:1,h2:2/db", "p"],
    ["postgresql://u:p@[::1]:5432/db", "postgresql://u@[::1]:5432/db", "p"],
    ["postgresql:///db?host=/tmp", "postgresql:///db?host=/tmp", null],
    ["postgresql://u:@h/db", "postgresql://u@h/db", null],
    ["host=h password=secret dbname=d", "host=h dbname=d", "secret"],
    ["host = h password = 'it\\'s' dbname=d", "host = h dbname=d", "it's"],
    ["dbname='a password=b' user=u", "dbname='a password=b' user=u", null],
    ["host=h sslpassword=keep", "host=h sslpassword=keep", null],
  ])("%s", (text, connection, password) => {
    expect(takePassword(text)).toEqual({ connection, password });
  });
});

describe("a connection string", () => {
  it("is told from other text", () => {
    expect(looksLikeConnection(" postgresql://h")).toBe(true);
    expect(looksLikeConnection("host=h")).toBe(true);
    expect(looksLikeConnection("mysql://h")).toBe(false);
    expect(looksLikeConnection("hello")).toBe(false);
  });

  it.each([
    ["postgresql://u:p@db.example.com:5432/orders?x=y", "orders@db.example.com"],
    ["postgresql://localhost/orders", "orders"],
    ["postgresql:///", "local"],
    ["host=db dbname=orders", "orders@db"],
    ["postgresql://db.example.com", "db.example.com"],
  ])("%s is named %s", (text, name) => expect(proposeName(text)).toBe(name));

  it("may name environment variables", () => {
    expect(expandEnvironment(variable("URL"), { URL: "postgresql://h" })).toEqual({
      text: "postgresql://h",
      missing: null,
    });
    expect(expandEnvironment(variable("GONE"), {}).missing).toBe("GONE");
  });
});

describe("a .env file", () => {
  it.each([
    ["DATABASE_URL=postgresql://h/db # local", "postgresql://h/db"],
    ["export DATABASE_URL='postgresql://h/d#b'", "postgresql://h/d#b"],
    ['A=1\r\nDATABASE_URL="postgresql://h/db"\r\n', "postgresql://h/db"],
    ["DATABASE_URL=a\nDATABASE_URL=b", "b"],
    ["#DATABASE_URL=a", null],
    ["DATABASE_URL=", null],
    ["NOT_DATABASE_URL=a", null],
  ])("%j gives %j", (text, value) => expect(readVariables(text).DATABASE_URL ?? null).toBe(value));
});
