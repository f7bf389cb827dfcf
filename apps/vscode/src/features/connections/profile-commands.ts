import { l10n, window } from "vscode";
import { takePassword } from "../../model/connections/connection-text.ts";
import { checkName, type Draft, freeName, withProfileOf } from "../../model/connections/draft.ts";
import type { FoundConnection } from "../../model/connections/found-connections.ts";
import type { Profile } from "../../model/connections/profile.ts";
import type { Services } from "../../services.ts";
import { translated } from "../../vscode/translated.ts";
import { isAllowedHere } from "../../vscode/trust.ts";
import { leaveConnection } from "../leases/open-transactions.ts";
import { draftOf } from "./choose-connection.ts";
import { nameOf, type ProfileArgument } from "./connect.ts";
import { describeServer, editConnection } from "./connection-wizard.ts";
import type { ConnectionNode } from "./connections-tree.ts";
import { problemText } from "./draft-texts.ts";
import type { ConnectionExplainer } from "./explain-connection.ts";
import { findProfile, readProfiles, removeProfile } from "./profiles.ts";
import { replaceProfile } from "./replace-profile.ts";

async function pickProfile(argument: ProfileArgument, title: string): Promise<Profile | null> {
  const name = nameOf(argument);
  if (name !== null) return findProfile(name);
  const names = readProfiles().map((profile) => profile.name);
  const picked = await window.showQuickPick(names, { title });
  return picked === undefined ? null : findProfile(picked);
}

async function pickOpen(services: Services, argument: ProfileArgument): Promise<string | null> {
  const names = services.connections.all.map(({ profile }) => profile.name);
  const name = nameOf(argument);
  if (name !== null) return name;
  if (names.length < 2) return names[0] ?? null;
  return (await window.showQuickPick(names, { title: l10n.t("Disconnect") })) ?? null;
}

export async function disconnect(services: Services, argument: ProfileArgument): Promise<void> {
  const name = await pickOpen(services, argument);
  if (name === null) return;
  if (await leaveConnection(services.sessions, name)) await services.connections.close(name);
}

export async function edit(services: Services, argument: ProfileArgument): Promise<void> {
  const profile = await pickProfile(argument, l10n.t("Edit Connection"));
  if (profile !== null) await editConnection(services, { profile, password: null }, profile);
}

/** A copy under a free name, with the password of the original. */
export async function duplicate(services: Services, argument: ProfileArgument): Promise<void> {
  const profile = await pickProfile(argument, l10n.t("Duplicate Connection"));
  if (profile === null) return;
  const taken = readProfiles().map((each) => each.name);
  const name = freeName(profile.name, taken);
  const draft: Draft = { profile: { ...profile, name }, password: await services.passwords.read(profile) };
  await editConnection(services, draft, null);
}

/** Under its new name it is connected as before, and the editors that use it stay with it. */
export async function rename(services: Services, argument: ProfileArgument): Promise<void> {
  const profile = await pickProfile(argument, l10n.t("Rename Connection"));
  if (profile === null) return;
  const taken = readProfiles()
    .map(({ name }) => name)
    .filter((name) => name !== profile.name);
  const answer = await window.showInputBox({
    title: l10n.t("Rename {0}", profile.name),
    value: profile.name,
    validateInput: (value) => {
      const problem = checkName(value, taken);
      return problem === null ? null : problemText(problem);
    },
  });
  const name = answer?.trim() ?? profile.name;
  if (name === profile.name) return;
  const wasOpen = services.connections.get(profile.name) !== null;
  const password = await services.passwords.read(profile);
  const renamed = { ...profile, name };
  const isReplaced = await replaceProfile(services, { original: profile, profile: renamed, password });
  if (isReplaced && wasOpen) await services.connector.connect(renamed, { password, isRemembered: false });
}

/** Saves what was found, or what is open without being saved. */
export async function saveConnection(services: Services, node: ConnectionNode | undefined): Promise<void> {
  const draft = draftOfNode(services, node);
  if (draft === null) return;
  // It was found in the workspace, but it is the user who saves it.
  await editConnection(services, withProfileOf(draft, { scope: { kind: "user" } }), null);
}

function draftOfNode({ connections, discovery }: Services, node: ConnectionNode | undefined): Draft | null {
  if (node?.kind === "found") return draftOf(node.found, connections);
  if (node?.kind !== "profile") return null;
  const { profile } = node;
  const isSource = ({ connection }: FoundConnection) =>
    takePassword(connection).connection === profile.connection;
  const source = discovery.found.find(isSource);
  return { profile, password: source === undefined ? null : takePassword(source.connection).password };
}

export async function testConnection(services: Services, argument: ProfileArgument): Promise<void> {
  if (!isAllowedHere()) return;
  const profile = await pickProfile(argument, l10n.t("Test Connection"));
  if (profile === null) return;
  const outcome = await services.connector.test(profile, null);
  if (outcome.kind === "done") {
    if (outcome.password !== null) await services.passwords.write(profile, outcome.password);
    void window.showInformationMessage(l10n.t("{0} works: {1}", profile.name, describeServer(outcome.value)));
  }
  if (outcome.kind !== "failed") return;
  const { message, remedy } = outcome.failure;
  const [again, change] = [l10n.t("Edit"), l10n.t("Show Log")];
  const text = [l10n.t("{0} does not work: {1}", profile.name, message), remedy && translated(remedy)]
    .filter(Boolean)
    .join(". ");
  const answer = await window.showErrorMessage(text, again, change);
  if (answer === again) await editConnection(services, { profile, password: null }, profile);
  if (answer === change) services.log.show();
}

export async function forgetPassword(services: Services, argument: ProfileArgument): Promise<void> {
  const profile = await pickProfile(argument, l10n.t("Forget Password"));
  if (profile === null) return;
  await services.passwords.forget(profile);
  void window.showInformationMessage(l10n.t("The password of {0} is forgotten.", profile.name));
}

export async function remove(services: Services, argument: ProfileArgument): Promise<void> {
  const profile = await pickProfile(argument, l10n.t("Remove Connection"));
  if (profile === null) return;
  const yes = l10n.t("Remove");
  const question = l10n.t("Remove the connection {0} and its password?", profile.name);
  if ((await window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
  if (!(await leaveConnection(services.sessions, profile.name))) return;
  await services.connections.close(profile.name);
  await services.passwords.forget(profile);
  await removeProfile(profile);
}

export async function explain(explainer: ConnectionExplainer, argument: ProfileArgument): Promise<void> {
  const profile = await pickProfile(argument, l10n.t("Explain Connection Settings"));
  if (profile !== null) await explainer.show(profile);
}
