import type { Profile } from "../../model/connections/profile.ts";
import type { Services } from "../../services.ts";
import { leaveConnection } from "../leases/open-transactions.ts";
import { saveProfile } from "./profiles.ts";

/** What a profile's change concerns. */
export type ProfileParts = Pick<Services, "connections" | "passwords" | "connector" | "sessions">;

/** A profile under its new settings, and the password that it had or got. */
export interface Replacement {
  readonly original: Profile;
  readonly profile: Profile;
  readonly password: string | null;
}

/**
 * Writes a profile in the place of what it was: its password and its editors go with it, and what was open under the old
 * settings is closed.
 *
 * @returns false where a transaction is open on it that the user wants to keep.
 */
export async function replaceProfile(
  parts: ProfileParts,
  { original, profile, password }: Replacement,
): Promise<boolean> {
  if (!(await leaveConnection(parts.sessions, original.name))) return false;
  await parts.connections.close(original.name);
  await saveProfile(profile, original);
  await parts.passwords.forget(original);
  if (password !== null) await parts.passwords.write(profile, password);
  if (profile.name !== original.name) await parts.sessions.renameConnection(original.name, profile.name);
  await parts.connector.confirm(profile);
  return true;
}
