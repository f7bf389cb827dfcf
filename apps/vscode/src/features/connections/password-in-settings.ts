import { l10n, window } from "vscode";
import { takePassword } from "../../model/connections/connection-text.ts";
import type { Profile } from "../../model/connections/profile.ts";
import type { Services } from "../../services.ts";
import { findProfile, saveProfile } from "./profiles.ts";

/** Settings are plain files that are copied, synchronised and checked in: a password in one is pointed out, and can be moved. */
export async function offerPasswordMove(
  { passwords }: Pick<Services, "passwords">,
  profile: Profile,
): Promise<void> {
  if (findProfile(profile.name)?.connection !== profile.connection || profile.connection.includes("${"))
    return;
  const { connection, password } = takePassword(profile.connection);
  if (password === null) return;
  const move = l10n.t("Move to Secret Storage");
  const message = l10n.t("The password of {0} stands in the settings, for everybody to read.", profile.name);
  if ((await window.showWarningMessage(message, move)) !== move) return;
  const cleaned = { ...profile, connection };
  await passwords.write(cleaned, password);
  await saveProfile(cleaned, profile);
}
