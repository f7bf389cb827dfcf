import { describe, expect, it } from "vitest";
import {
  isSupplied,
  mergeProfiles,
  opensAlike,
  type Profile,
  parseProfiles,
  withoutProfile,
  withProfile,
} from "../../../src/model/connections/profile.ts";

const USER = { kind: "user" } as const;
const WORKSPACE = { kind: "workspace" } as const;

function profile(overrides: Partial<Profile> = {}): Profile {
  return {
    name: "orders",
    connection: "postgresql://db/orders",
    max: null,
    isReadOnly: false,
    environment: null,
    scope: USER,
    ...overrides,
  };
}

describe("a pool that is open for a profile", () => {
  it("serves it on under another environment, name or password", () => {
    expect(opensAlike(profile(), profile({ environment: "production", name: "other" }))).toBe(true);
    expect(
      opensAlike(
        profile({ connection: "postgresql://u:p@db/x" }),
        profile({ connection: "postgresql://u@db/x" }),
      ),
    ).toBe(true);
  });

  it("does not where it would lead elsewhere, may do more, is larger, or came from a workspace", () => {
    for (const change of [
      { connection: "postgresql://db/other" },
      { isReadOnly: true },
      { max: 2 },
      { scope: WORKSPACE },
    ]) {
      expect(opensAlike(profile(), profile(change))).toBe(false);
    }
  });
});

describe("saved connections", () => {
  it("are read with what they say, and with nothing where they do not", () => {
    const entry = { name: "orders", connection: "postgresql://db/orders" };
    const all = { ...entry, name: "more", environment: "production", readOnly: true, max: 2 };
    expect(parseProfiles([entry, all], USER)).toEqual([
      profile(),
      profile({ name: "more", environment: "production", isReadOnly: true, max: 2 }),
    ]);
  });

  it("survive a setting that somebody broke", () => {
    const broken = [null, 7, {}, { name: "", connection: "x" }, { name: "a" }, { name: 1, connection: "x" }];
    expect(parseProfiles(broken, USER)).toEqual([]);
    expect(parseProfiles("orders", USER)).toEqual([]);
    const odd = parseProfiles(
      [{ name: "a", connection: "x", environment: "mars", readOnly: "yes", max: "9" }],
      USER,
    );
    expect(odd).toEqual([profile({ name: "a", connection: "x" })]);
  });

  it("of the user hide a workspace's of the same name", () => {
    const own = [profile()];
    const supplied = [
      profile({ connection: "postgresql://evil/orders", scope: WORKSPACE }),
      profile({ name: "b", scope: WORKSPACE }),
    ];
    expect(mergeProfiles([own, supplied]).map(({ name, scope }) => `${name} ${scope.kind}`)).toEqual([
      "orders user",
      "b workspace",
    ]);
  });

  it("know whether a workspace supplied them", () => {
    expect(isSupplied(profile())).toBe(false);
    expect(isSupplied(profile({ scope: WORKSPACE }))).toBe(true);
    expect(isSupplied(profile({ scope: { kind: "folder", uri: "file:///a" } }))).toBe(true);
  });
});

describe("a connection that is saved", () => {
  const others = [{ name: "a", connection: "x", comment: "kept" }];

  it("is added with what differs from the defaults alone, and leaves the others as they are", () => {
    expect(withProfile(others, profile({ environment: "staging" }))).toEqual([
      ...others,
      { name: "orders", connection: "postgresql://db/orders", environment: "staging" },
    ]);
    expect(withProfile(undefined, profile({ isReadOnly: true, max: 3 }))).toEqual([
      { name: "orders", connection: "postgresql://db/orders", readOnly: true, max: 3 },
    ]);
  });

  it("takes the place of the one that it was, also under a new name", () => {
    const value = withProfile([{ name: "orders", connection: "x" }, ...others], profile());
    expect(value).toEqual([{ name: "orders", connection: "postgresql://db/orders" }, ...others]);
    const renamed = withProfile(value, profile({ name: "renamed" }), "orders");
    expect(renamed).toEqual([{ name: "renamed", connection: "postgresql://db/orders" }, ...others]);
  });

  it("leaves one of its name only", () => {
    const value = [
      { name: "orders", connection: "x" },
      { name: "old", connection: "y" },
    ];
    expect(withProfile(value, profile(), "old")).toEqual([
      { name: "orders", connection: "postgresql://db/orders" },
    ]);
  });

  it("is removed by its name", () => {
    expect(withoutProfile([...others, { name: "orders", connection: "x" }], "orders")).toEqual(others);
    expect(withoutProfile("broken", "orders")).toEqual([]);
  });
});
