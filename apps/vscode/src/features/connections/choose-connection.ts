import { l10n, type QuickPickItem, QuickPickItemKind, window } from "vscode";
import { proposeName, takePassword } from "../../model/connections/connection-text.ts";
import { describeConnection } from "../../model/connections/connection-values.ts";
import { type Draft, freeName, guessEnvironment } from "../../model/connections/draft.ts";
import type { FoundConnection } from "../../model/connections/found-connections.ts";
import type { Profile } from "../../model/connections/profile.ts";
import { describeProfile } from "./draft-texts.ts";
import type { OpenConnections } from "./open-connections.ts";
import { readProfiles } from "./profiles.ts";

/** What the user chose to connect to. */
export type ConnectChoice =
  | { readonly kind: "profile"; readonly profile: Profile }
  | { readonly kind: "found"; readonly found: FoundConnection }
  | { readonly kind: "new" };

type Item = QuickPickItem & { readonly choice?: ConnectChoice };

/** A profile for what was found, under a name that no other connection has; its password stays beside it. */
export function draftOf(found: FoundConnection, connections: OpenConnections): Draft {
  const { connection, password } = takePassword(found.connection);
  const taken = known(connections).filter((profile) => profile.connection !== connection);
  const proposed = found.connection.startsWith("service=") ? found.label : proposeName(connection);
  const profile: Profile = {
    name: freeName(
      proposed,
      taken.map(({ name }) => name),
    ),
    connection,
    max: null,
    isReadOnly: false,
    environment: guessEnvironment(connection),
    scope: found.isSupplied ? { kind: "workspace" } : { kind: "user" },
  };
  return { profile, password };
}

/** What was found and is not saved or open already. */
export function unknownOf(
  found: readonly FoundConnection[],
  connections: OpenConnections,
): readonly FoundConnection[] {
  const strings = new Set(known(connections).map(({ connection }) => takePassword(connection).connection));
  return found.filter(({ connection }) => !strings.has(takePassword(connection).connection));
}

/** What is saved, and what is open without being saved. */
function known(connections: OpenConnections): readonly Profile[] {
  return [...readProfiles(), ...connections.all.map(({ profile }) => profile)];
}

function savedItem(profile: Profile, connections: OpenConnections): Item {
  const state = connections.get(profile.name) === null ? "" : l10n.t("connected");
  return {
    label: `$(database) ${profile.name}`,
    description: [describeProfile(profile), state].filter(Boolean).join(", "),
    detail: describeConnection(profile.connection),
    choice: { kind: "profile", profile },
  };
}

export function foundItem(found: FoundConnection): Item {
  return {
    label: `$(symbol-variable) ${found.label}`,
    description: found.place,
    detail: describeConnection(found.connection),
    choice: { kind: "found", found },
  };
}

function group(label: string, items: readonly Item[]): readonly Item[] {
  return items.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...items];
}

/** Lets the user pick a saved connection, one that was found, or a new one. */
export async function chooseConnection(
  connections: OpenConnections,
  found: readonly FoundConnection[],
): Promise<ConnectChoice | null> {
  const saved = readProfiles().map((profile) => savedItem(profile, connections));
  const others = unknownOf(found, connections).map(foundItem);
  if (saved.length + others.length === 0) return { kind: "new" };
  const items: readonly Item[] = [
    ...group(l10n.t("saved"), saved),
    ...group(l10n.t("found"), others),
    ...group(l10n.t("other"), [
      { label: `$(add) ${l10n.t("New Connection…")}`, alwaysShow: true, choice: { kind: "new" } },
    ]),
  ];
  const picked = await window.showQuickPick(items, {
    title: l10n.t("Connect to PostgreSQL"),
    placeHolder: l10n.t("Choose a connection"),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.choice ?? null;
}
