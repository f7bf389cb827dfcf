import { takePassword } from "./connection-text.ts";

/** What a database is for; `production` asks before it is written to. */
export type EnvironmentKind = "development" | "staging" | "production";

export const ENVIRONMENTS: readonly EnvironmentKind[] = ["development", "staging", "production"];

/** The settings that hold a profile: the user's, the workspace's, or those of one of its folders. */
export type ProfileScope =
  | { readonly kind: "user" }
  | { readonly kind: "workspace" }
  | { readonly kind: "folder"; readonly uri: string };

/** A saved connection, as the settings hold it. */
export interface Profile {
  readonly name: string;
  /** Without a password, unless somebody wrote one into the settings. */
  readonly connection: string;
  readonly max: number | null;
  readonly isReadOnly: boolean;
  /** Null where nobody said. */
  readonly environment: EnvironmentKind | null;
  readonly scope: ProfileScope;
}

/** Whether a workspace supplied it, so that it is confirmed before it is used and may name no file of this machine. */
export function isSupplied({ scope }: Profile): boolean {
  return scope.kind !== "user";
}

/** Whether a pool that was opened for one profile serves the other: both lead to the same place with the same rights. */
export function opensAlike(one: Profile, other: Profile): boolean {
  return (
    takePassword(one.connection).connection === takePassword(other.connection).connection &&
    one.isReadOnly === other.isReadOnly &&
    one.max === other.max &&
    isSupplied(one) === isSupplied(other)
  );
}

function fieldOf(entry: object, key: string): unknown {
  return Reflect.get(entry, key);
}

/** The profile that an entry of the settings means; null where it is none. */
function parseProfile(entry: unknown, scope: ProfileScope): Profile | null {
  if (typeof entry !== "object" || entry === null) return null;
  const [name, connection, max] = [
    fieldOf(entry, "name"),
    fieldOf(entry, "connection"),
    fieldOf(entry, "max"),
  ];
  if (typeof name !== "string" || typeof connection !== "string" || name === "") return null;
  return {
    name,
    connection,
    max: typeof max === "number" ? max : null,
    isReadOnly: fieldOf(entry, "readOnly") === true,
    environment: ENVIRONMENTS.find((each) => each === fieldOf(entry, "environment")) ?? null,
    scope,
  };
}

/** The profiles in the value of the setting, whatever it is. */
export function parseProfiles(value: unknown, scope: ProfileScope): readonly Profile[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry) => parseProfile(entry, scope)).filter((profile) => profile !== null);
}

/** Profiles of several settings, the nearest to the user first: a workspace cannot replace one of the user's own. */
export function mergeProfiles(lists: readonly (readonly Profile[])[]): readonly Profile[] {
  const byName = new Map<string, Profile>();
  for (const profile of lists.flat()) if (!byName.has(profile.name)) byName.set(profile.name, profile);
  return [...byName.values()];
}

/** The entry of the settings for a profile; what is as by default is left out. */
function toEntry({ name, connection, max, isReadOnly, environment }: Profile): object {
  return {
    name,
    connection,
    ...(environment === null ? {} : { environment }),
    ...(isReadOnly ? { readOnly: true } : {}),
    ...(max === null ? {} : { max }),
  };
}

function isNamed(entry: unknown, name: string): boolean {
  return typeof entry === "object" && entry !== null && fieldOf(entry, "name") === name;
}

function entriesOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The setting's value with the profile in the place of the one called `replaced`, or at the end. */
export function withProfile(
  value: unknown,
  profile: Profile,
  replaced: string = profile.name,
): readonly unknown[] {
  const kept = entriesOf(value).filter((entry) => isNamed(entry, replaced) || !isNamed(entry, profile.name));
  const at = kept.findIndex((entry) => isNamed(entry, replaced));
  const entry = toEntry(profile);
  return at < 0 ? [...kept, entry] : kept.map((each, index) => (index === at ? entry : each));
}

/** The setting's value without the profile of that name. */
export function withoutProfile(value: unknown, name: string): readonly unknown[] {
  return entriesOf(value).filter((entry) => !isNamed(entry, name));
}
