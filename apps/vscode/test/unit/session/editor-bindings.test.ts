import { describe, expect, it } from "vitest";
import { EditorBindings } from "../../../src/model/session/editor-bindings.ts";
import { MemoryStore } from "../memory-store.ts";

function made() {
  const store = new MemoryStore();
  return { store, bindings: new EditorBindings(store) };
}

describe("what is chosen for an editor", () => {
  it("is remembered with the workspace", async () => {
    const { store, bindings } = made();
    await bindings.bind("file:///a.sql", "shop");
    await bindings.setMode("file:///a.sql", "pinned");
    const again = new EditorBindings(store);
    expect([again.connectionOf("file:///a.sql"), again.modeOf("file:///a.sql")]).toEqual(["shop", "pinned"]);
    expect([again.connectionOf("file:///b.sql"), again.modeOf("file:///b.sql")]).toEqual([null, null]);
  });

  it("is not remembered for an untitled document, whose name comes again", async () => {
    const { store, bindings } = made();
    await bindings.bind("untitled:Untitled-1", "production");
    expect(bindings.connectionOf("untitled:Untitled-1")).toBe("production");
    expect(new EditorBindings(store).connectionOf("untitled:Untitled-1")).toBeNull();
  });

  it("goes with it to another name", async () => {
    const { store, bindings } = made();
    await bindings.bind("untitled:Untitled-1", "shop");
    await bindings.setMode("untitled:Untitled-1", "pooled");
    await bindings.move("untitled:Untitled-1", "file:///a.sql");
    const again = new EditorBindings(store);
    expect([again.connectionOf("file:///a.sql"), again.modeOf("file:///a.sql")]).toEqual(["shop", "pooled"]);
    expect(bindings.connectionOf("untitled:Untitled-1")).toBeNull();
  });

  it("follows its connection to a new name, for untitled documents too", async () => {
    const { bindings, store } = made();
    await bindings.bind("file:///a.sql", "shop");
    await bindings.bind("file:///b.sql", "stock");
    await bindings.bind("file:///none.sql", "");
    await bindings.bind("untitled:Untitled-1", "shop");
    await bindings.renameConnection("shop", "orders");
    const names = ["file:///a.sql", "file:///b.sql", "file:///none.sql", "untitled:Untitled-1"];
    expect(names.map((name) => bindings.connectionOf(name))).toEqual(["orders", "stock", "", "orders"]);
    expect(new EditorBindings(store).connectionOf("file:///a.sql")).toBe("orders");
  });

  it("can be no connection at all", async () => {
    const { bindings } = made();
    await bindings.bind("file:///mssql.sql", "");
    await bindings.bind("file:///a.sql", "shop");
    expect([bindings.connectionOf("file:///mssql.sql"), bindings.unbound]).toEqual([
      "",
      ["file:///mssql.sql"],
    ]);
  });

  it("is forgotten after five hundred others", async () => {
    const { bindings } = made();
    for (let n = 0; n <= 500; n++) await bindings.bind(`file:///${n}.sql`, "shop");
    expect([bindings.connectionOf("file:///0.sql"), bindings.connectionOf("file:///1.sql")]).toEqual([
      null,
      "shop",
    ]);
  });
});
