import { ConfigurationTarget, l10n, window, workspace } from "vscode";
import { describeConnection } from "../../model/connections/connection-values.ts";
import type { Services } from "../../services.ts";
import { offersFoundConnections } from "../../vscode/settings.ts";
import { unknownOf } from "./choose-connection.ts";
import { connectFound } from "./connect.ts";
import { readProfiles } from "./profiles.ts";

/**
 * Offers the first connection that was found, once a session, to somebody who has none.
 *
 * Who has saved or opened one knows the way: for them it stands in the view and says nothing.
 */
export class FoundOffer {
  #wasMade = false;

  async make(services: Services): Promise<void> {
    const { connections, discovery } = services;
    const [first] = unknownOf(discovery.found, connections);
    const hasOwn = connections.all.length > 0 || readProfiles().length > 0;
    if (first === undefined || hasOwn || this.#wasMade || !offersFoundConnections()) return;
    this.#wasMade = true;
    const [connect, never] = [l10n.t("Connect"), l10n.t("Don't Show Again")];
    const target = describeConnection(first.connection);
    const message = l10n.t("Found {0} in {1}: {2}", first.label, first.place, target);
    const answer = await window.showInformationMessage(message, connect, never);
    if (answer === connect) await connectFound(services, first);
    if (answer !== never) return;
    await workspace
      .getConfiguration("rockpool")
      .update("discovery.notify", false, ConfigurationTarget.Global);
  }
}
