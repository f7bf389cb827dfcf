import { ConfigurationTarget, workspace } from "vscode";

/** A saved connection, as the settings hold it. */
export interface Profile {
  readonly name: string;
  /** Without a password. */
  readonly connection: string;
  readonly max: number | null;
  readonly isReadOnly: boolean;
  /** Who supplied it; what a workspace supplies is confirmed before it is used. */
  readonly source: "user" | "workspace";
}

function fieldOf(entry: object, key: string): unknown {
  return Reflect.get(entry, key);
}

function parse(entry: unknown, source: Profile["source"]): Profile | null {
  if (typeof entry !== "object" || entry === null) return null;
  const [name, connection, max] = [
    fieldOf(entry, "name"),
    fieldOf(entry, "connection"),
    fieldOf(entry, "max"),
  ];
  if (typeof name !== "string" || typeof connection !== "string" || name === "") return null;
  const isReadOnly = fieldOf(entry, "readOnly") === true;
  return { name, connection, max: typeof max === "number" ? max : null, isReadOnly, source };
}

function parseAll(value: unknown, source: Profile["source"]): Profile[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry) => parse(entry, source)).filter((profile) => profile !== null);
}

/** The saved connections; one of the user's own hides a workspace's of the same name. */
export function readProfiles(): readonly Profile[] {
  const settings = workspace.getConfiguration("rockpool").inspect<unknown>("connections");
  const own = parseAll(settings?.globalValue, "user");
  if (!workspace.isTrusted) return own;
  const supplied = [
    ...parseAll(settings?.workspaceValue, "workspace"),
    ...parseAll(settings?.workspaceFolderValue, "workspace"),
  ];
  const names = new Set(own.map(({ name }) => name));
  return [...own, ...supplied.filter(({ name }) => !names.has(name))];
}

export function findProfile(name: string): Profile | null {
  return readProfiles().find((profile) => profile.name === name) ?? null;
}

async function writeOwn(change: (entries: readonly unknown[]) => readonly unknown[]): Promise<void> {
  const configuration = workspace.getConfiguration("rockpool");
  const current = configuration.inspect<unknown>("connections")?.globalValue;
  const entries: readonly unknown[] = Array.isArray(current) ? current : [];
  await configuration.update("connections", change(entries), ConfigurationTarget.Global);
}

function isNamed(entry: unknown, name: string): boolean {
  return typeof entry === "object" && entry !== null && fieldOf(entry, "name") === name;
}

/** Saves a connection in the user's settings, in place of one with the same name. */
export async function saveProfile(profile: { name: string; connection: string }): Promise<void> {
  const { name, connection } = profile;
  await writeOwn((entries) => [...entries.filter((entry) => !isNamed(entry, name)), { name, connection }]);
}

export async function removeProfile(name: string): Promise<void> {
  await writeOwn((entries) => entries.filter((entry) => !isNamed(entry, name)));
}
