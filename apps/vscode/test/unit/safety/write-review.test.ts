import { describe, expect, it } from "vitest";
import { reviewWrites } from "../../../src/model/safety/write-review.ts";

const statements = (...texts: readonly string[]) => texts.map((text, index) => ({ text, line: index + 1 }));
const nobody = () => Promise.reject(new Error("the server was asked"));

describe("a run on production is reviewed", () => {
  it("finds what writes, in order, and asks the server nothing where no function is called", async () => {
    const found = await reviewWrites(statements("select 1", "delete from a", "drop table b"), nobody);
    expect(found.map(({ verb, target, line }) => `${line}: ${verb} ${target}`)).toEqual([
      "2: DELETE a",
      "3: DROP TABLE b",
    ]);
  });

  it("asks the server once about all functions, and names the one that may write", async () => {
    const asked: (readonly string[])[] = [];
    const lookUp = async (names: readonly string[]) => {
      asked.push(names);
      return ["pay"];
    };
    const found = await reviewWrites(
      statements("select count(*)", "select pay(1)", "select count(2)"),
      lookUp,
    );
    expect(asked).toEqual([["count", "pay"]]);
    expect(found).toMatchObject([{ verb: "CALL", target: "pay()", line: 2, isGuess: false }]);
  });

  it("takes every called function for a writing one where the server cannot be asked", async () => {
    const found = await reviewWrites(statements("select count(*) from a"), async () => null);
    expect(found).toMatchObject([{ target: "count()", isGuess: true }]);
  });

  it("finds nothing to ask about in what reads", async () => {
    expect(await reviewWrites(statements("select f(1)", "begin"), async () => [])).toEqual([]);
  });
});
