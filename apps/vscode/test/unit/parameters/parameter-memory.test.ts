import { describe, expect, it } from "vitest";
import { ParameterMemory } from "../../../src/model/parameters/parameter-memory.ts";
import { MemoryStore } from "../memory-store.ts";

function made() {
  const store = new MemoryStore();
  return { memory: new ParameterMemory(store), store };
}

describe("the value of a parameter", () => {
  it("is remembered for a name, whatever the statement", async () => {
    const { memory } = made();
    await memory.remember(":id", "select :id", "7");
    expect(memory.recall(":id", "delete from t where id = :id")).toBe("7");
  });

  it("is remembered for a number in its own statement, however that is laid out", async () => {
    const { memory } = made();
    await memory.remember("$1", "select $1\n  from t", "7");
    await memory.remember("$1", "select $1", null);
    expect(memory.recall("$1", "select   $1 from t")).toBe("7");
    expect(memory.recall("$1", "select $1")).toBeNull();
    expect(memory.recall("$1", "select $1 + 1")).toBeUndefined();
  });

  it("is the last one given", async () => {
    const { memory } = made();
    await memory.remember(":a", "", "1");
    await memory.remember(":a", "", "2");
    expect(memory.recall(":a", "")).toBe("2");
  });

  it("is forgotten after two hundred others", async () => {
    const { memory } = made();
    for (let n = 0; n <= 200; n++) await memory.remember(`:p${n}`, "", String(n));
    expect([memory.recall(":p0", ""), memory.recall(":p1", "")]).toEqual([undefined, "1"]);
  });

  it.each([":password", ":user_pwd", ":api_key", ":AccessToken"])("is never kept for %s", async (label) => {
    const { memory, store } = made();
    await memory.remember(label, "", "hidden");
    expect(store.text).not.toContain("hidden");
  });
});
