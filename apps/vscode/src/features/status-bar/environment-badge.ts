import { l10n, ThemeColor } from "vscode";
import type { OpenConnection } from "../connections/open-connections.ts";

/** How the status bar marks what a connection is for. */
export interface EnvironmentBadge {
  /** Before the pool's name. */
  readonly prefix: string;
  /** For a screen reader. */
  readonly label: string;
  /** Undefined where the connection is nothing to be careful with. */
  readonly background: ThemeColor | undefined;
}

/**
 * Production is red for as long as it can be written to.
 *
 * Dark high contrast knows no red ground, so that the sign, the one of the wizard, says it there.
 */
export function environmentBadge({ profile, database }: OpenConnection): EnvironmentBadge {
  const cannotWrite = profile.isReadOnly || database.facts.isStandby;
  const access = cannotWrite ? `${l10n.t("read-only")}, ` : "";
  const lock = cannotWrite ? "$(lock) " : "";
  if (profile.environment === "production") {
    const background = cannotWrite ? undefined : new ThemeColor("statusBarItem.errorBackground");
    const prefix = `$(flame) ${lock}${l10n.t("PROD")} `;
    return { prefix, label: `${l10n.t("production")}, ${access}`, background };
  }
  if (profile.environment === "staging") {
    const prefix = `${lock || "$(eye) "}${l10n.t("STAGING")} `;
    return { prefix, label: `${l10n.t("staging")}, ${access}`, background: undefined };
  }
  return { prefix: lock || "$(database) ", label: access, background: undefined };
}
