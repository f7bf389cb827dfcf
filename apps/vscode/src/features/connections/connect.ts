import { l10n, window, workspace } from "vscode";
import type { FoundConnection } from "../../model/connections/found-connections.ts";
import type { Profile } from "../../model/connections/profile.ts";
import type { Services } from "../../services.ts";
import { isAllowedHere } from "../../vscode/trust.ts";
import { chooseConnection, draftOf, foundItem } from "./choose-connection.ts";
import { addConnection } from "./connection-wizard.ts";
import type { GivenPassword } from "./connector.ts";
import type { OpenConnection } from "./open-connections.ts";
import { offerPasswordMove } from "./password-in-settings.ts";
import { findProfile } from "./profiles.ts";

/** What a command gets from a tree, from another command, or from nothing. */
export type ProfileArgument = { readonly name?: string } | string | undefined;

export function nameOf(argument: ProfileArgument): string | null {
  return (typeof argument === "string" ? argument : argument?.name) ?? null;
}

/** The active editor uses what was connected from now on. */
function bound(services: Services, connection: OpenConnection | null): OpenConnection | null {
  if (connection !== null) services.sessions.bindActiveEditor(connection.profile.name);
  return connection;
}

async function connectProfile(
  services: Services,
  profile: Profile,
  given: GivenPassword,
): Promise<OpenConnection | null> {
  const connection = bound(services, await services.connector.connect(profile, given));
  if (connection !== null) void offerPasswordMove(services, connection.profile);
  return connection;
}

/** Connects what was found; its password is found anew each time, and kept nowhere. */
export async function connectFound(
  services: Services,
  found: FoundConnection,
): Promise<OpenConnection | null> {
  const { profile, password } = draftOf(found, services.connections);
  return connectProfile(services, profile, { password, isRemembered: false });
}

/** Connects by name, or lets the user choose, or make a connection where there is none. */
export async function connect(
  services: Services,
  argument?: ProfileArgument,
): Promise<OpenConnection | null> {
  if (!isAllowedHere()) return null;
  const name = nameOf(argument);
  const profile =
    name === null ? null : (findProfile(name) ?? services.connections.get(name)?.profile ?? null);
  if (profile !== null) return connectProfile(services, profile, { password: null, isRemembered: false });
  const choice = await chooseConnection(services.connections, await services.discovery.look());
  if (choice?.kind === "new") return bound(services, await addConnection(services));
  if (choice?.kind === "found") return connectFound(services, choice.found);
  return choice === null
    ? null
    : connectProfile(services, choice.profile, { password: null, isRemembered: false });
}

/** Connects what lies about, and asks only where there are several. */
export async function connectEnvironment(services: Services): Promise<void> {
  if (!isAllowedHere()) return;
  const found = await services.discovery.look();
  if (found.length === 0) {
    const message = l10n.t(
      "There is no DATABASE_URL in the environment of the editor or in a .env file, and no service or password file.",
    );
    void window.showInformationMessage(message);
    return;
  }
  const items = found.map(foundItem);
  const title = l10n.t("Connect with What Was Found");
  const picked = items.length === 1 ? items[0] : await window.showQuickPick(items, { title });
  if (picked?.choice?.kind === "found") await connectFound(services, picked.choice.found);
}

/** Opens the connection that the settings name, where that needs no question. */
export async function autoConnect(services: Services, name: string): Promise<void> {
  if (!workspace.isTrusted) return;
  const profile = name === "" ? null : findProfile(name);
  if (profile?.scope.kind === "user") await services.connector.connectQuietly(profile);
}
