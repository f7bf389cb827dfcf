import { ConfigurationTarget, Uri, type WorkspaceConfiguration, workspace } from "vscode";
import {
  mergeProfiles,
  type Profile,
  type ProfileScope,
  parseProfiles,
  withoutProfile,
  withProfile,
} from "../../model/connections/profile.ts";

const KEY = "connections";

function configuration(scope: ProfileScope): WorkspaceConfiguration {
  return workspace.getConfiguration("rockpool", scope.kind === "folder" ? Uri.parse(scope.uri) : undefined);
}

/** The saved connections. In Restricted Mode what the workspace supplies is not even read. */
export function readProfiles(): readonly Profile[] {
  const settings = configuration({ kind: "user" }).inspect<unknown>(KEY);
  const own = parseProfiles(settings?.globalValue, { kind: "user" });
  if (!workspace.isTrusted) return mergeProfiles([own]);
  const supplied = parseProfiles(settings?.workspaceValue, { kind: "workspace" });
  const ofFolders = (workspace.workspaceFolders ?? []).map(({ uri }) => {
    const scope: ProfileScope = { kind: "folder", uri: uri.toString() };
    return parseProfiles(configuration(scope).inspect<unknown>(KEY)?.workspaceFolderValue, scope);
  });
  return mergeProfiles([own, supplied, ...ofFolders]);
}

export function findProfile(name: string): Profile | null {
  return readProfiles().find((profile) => profile.name === name) ?? null;
}

async function write(scope: ProfileScope, change: (value: unknown) => readonly unknown[]): Promise<void> {
  const settings = configuration(scope);
  const values = settings.inspect<unknown>(KEY);
  if (scope.kind === "user") {
    await settings.update(KEY, change(values?.globalValue), ConfigurationTarget.Global);
  } else if (scope.kind === "workspace") {
    await settings.update(KEY, change(values?.workspaceValue), ConfigurationTarget.Workspace);
  } else {
    await settings.update(KEY, change(values?.workspaceFolderValue), ConfigurationTarget.WorkspaceFolder);
  }
}

/** Saves a profile in the settings of its scope, in place of the one that it was before. */
export async function saveProfile(profile: Profile, before: Profile | null = null): Promise<void> {
  const isSamePlace = before !== null && JSON.stringify(before.scope) === JSON.stringify(profile.scope);
  await write(profile.scope, (value) =>
    withProfile(value, profile, isSamePlace ? before.name : profile.name),
  );
  if (before !== null && !isSamePlace) await removeProfile(before);
}

export async function removeProfile({ name, scope }: Profile): Promise<void> {
  await write(scope, (value) => withoutProfile(value, name));
}
