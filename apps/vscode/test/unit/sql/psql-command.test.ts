import { describe, expect, it } from "vitest";
import { isDisplayCommand, psqlCommandName } from "../../../src/model/sql/psql-command.ts";

describe("a command of psql", () => {
  it.each(["\\restrict abc", "\\echo hello", "\\timing", "\\pset null x", "\\x", "\\set id 7"])(
    "that only shows something can be left out: %s",
    (text) => expect(isDisplayCommand(text)).toBe(true),
  );

  it.each([
    "\\connect other",
    "\\c other",
    "\\i file.sql",
    "\\if true",
    "\\copy t from 'x'",
    "\\d t",
    "\\! ls",
    "\\",
  ])("that does something cannot: %s", (text) => expect(isDisplayCommand(text)).toBe(false));

  it("is known by its name", () => {
    expect(psqlCommandName("\\d+ orders")).toBe("\\d+");
    expect(psqlCommandName("\\copy t from stdin")).toBe("\\copy");
  });
});
