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

/** Production is red for as long as it can be written to. */
export function environmentBadge({ profile, database }: OpenConnection): EnvironmentBadge {
  const cannotWrite = profile.isReadOnly || database.facts.isStandby;
  const icon = cannotWrite ? "$(lock)" : "$(database)";
  const access = cannotWrite ? `${l10n.t("read-only")}, ` : "";
  const isProduction = profile.environment === "production";
  const background =
    isProduction && !cannotWrite ? new ThemeColor("statusBarItem.errorBackground") : undefined;
  if (isProduction)
    return { prefix: `${icon} ${l10n.t("PROD")} `, label: `${l10n.t("production")}, ${access}`, background };
  if (profile.environment === "staging") {
    return { prefix: `${icon} ${l10n.t("STAGING")} `, label: `${l10n.t("staging")}, ${access}`, background };
  }
  return { prefix: `${icon} `, label: access, background };
}
