import { type Disposable, l10n, window, workspace } from "vscode";
import { opensAlike, type Profile } from "../../model/connections/profile.ts";
import type { Services } from "../../services.ts";
import { leaveConnection } from "../leases/open-transactions.ts";
import { findProfile } from "./profiles.ts";

/**
 * Follows settings that somebody changes by hand while connections are open: what a database is for counts at once, since
 * it guards; what can only be had by another connection is offered.
 */
export function followSettings(services: Services): Disposable {
  return workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration("rockpool.connections")) return;
    for (const { profile } of services.connections.all) {
      const saved = findProfile(profile.name);
      if (saved === null || JSON.stringify(saved) === JSON.stringify(profile)) continue;
      if (opensAlike(profile, saved)) services.connections.adopt(saved);
      else void offerReconnect(services, saved);
    }
  });
}

async function offerReconnect(services: Services, saved: Profile): Promise<void> {
  const reconnect = l10n.t("Reconnect");
  const message = l10n.t("The settings of {0} have changed; it is still connected as before.", saved.name);
  if ((await window.showWarningMessage(message, reconnect)) !== reconnect) return;
  if (!(await leaveConnection(services.sessions, saved.name))) return;
  await services.connections.close(saved.name);
  await services.connector.connect(saved, { password: null, isRemembered: false });
}
