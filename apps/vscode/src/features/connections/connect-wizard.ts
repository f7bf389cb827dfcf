import { l10n, type QuickPickItem, QuickPickItemKind, window } from "vscode";
import { looksLikeConnection, proposeName, takePassword } from "../../model/connections/connection-text.ts";
import { type FoundConnection, findConnections } from "./discovery.ts";
import type { OpenConnections } from "./open-connections.ts";
import { findProfile, type Profile, readProfiles } from "./profiles.ts";

/** What the user chose to connect to. */
export interface ConnectChoice {
  readonly profile: Profile;
  /** A password that was part of the pasted text. */
  readonly password: string | null;
  /** True where the user pasted the string: then it is saved once it has connected, and its password is remembered. */
  readonly isPasted: boolean;
}

type Item = QuickPickItem & { readonly choose?: () => Promise<ConnectChoice | null> };

function choiceFrom(text: string, source: FoundConnection["source"] | "paste"): ConnectChoice {
  const { connection, password } = takePassword(text);
  const name = freeName(proposeName(text), connection);
  const profile: Profile = {
    name,
    connection,
    max: null,
    isReadOnly: false,
    source: source === "workspace" ? "workspace" : "user",
  };
  return { profile, password, isPasted: source === "paste" };
}

/** A name that no other connection string has. */
function freeName(name: string, connection: string): string {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? name : `${name} ${count}`;
    const existing = findProfile(candidate);
    if (existing === null || existing.connection === connection) return candidate;
  }
}

async function paste(): Promise<ConnectChoice | null> {
  const text = await window.showInputBox({
    title: l10n.t("Connect to PostgreSQL"),
    prompt: l10n.t(
      "A URI or keywords. A password in it goes to the editor's secret storage, not to settings.",
    ),
    placeHolder: "postgresql://user:password@host:5432/database",
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === "" || looksLikeConnection(value)
        ? null
        : l10n.t("Begin with postgresql:// or with a keyword such as host=localhost"),
  });
  return text === undefined || text.trim() === "" ? null : choiceFrom(text, "paste");
}

function savedItems(connections: OpenConnections): Item[] {
  return readProfiles().map((profile) => ({
    label: `$(database) ${profile.name}`,
    description: connections.get(profile.name) === null ? "" : l10n.t("connected"),
    detail: takePassword(profile.connection).connection,
    choose: async () => ({ profile, password: null, isPasted: false }),
  }));
}

function foundItem(found: FoundConnection): Item {
  return {
    label: `$(symbol-variable) ${found.label}`,
    detail: takePassword(found.connection).connection,
    choose: async () => choiceFrom(found.connection, found.source),
  };
}

/** Lets the user pick a saved connection, a found DATABASE_URL, or paste a connection string. */
export async function chooseConnection(connections: OpenConnections): Promise<ConnectChoice | null> {
  const saved = savedItems(connections);
  const found = (await findConnections()).map(foundItem);
  if (saved.length + found.length === 0) return paste();
  const items: Item[] = [
    { label: `$(add) ${l10n.t("Paste a connection string…")}`, alwaysShow: true, choose: paste },
    ...(found.length === 0 ? [] : [separator(l10n.t("found")), ...found]),
    ...(saved.length === 0 ? [] : [separator(l10n.t("saved")), ...saved]),
  ];
  const picked = await window.showQuickPick(items, {
    title: l10n.t("Connect to PostgreSQL"),
    placeHolder: l10n.t("Choose a connection or paste a connection string"),
    matchOnDetail: true,
  });
  return (await picked?.choose?.()) ?? null;
}

/** The DATABASE_URL to use; asks only where several were found. */
export async function chooseFound(): Promise<ConnectChoice | null> {
  const items = (await findConnections()).map(foundItem);
  if (items.length === 0) {
    const message = l10n.t(
      "DATABASE_URL is set neither in the environment of the editor nor in a .env file.",
    );
    void window.showInformationMessage(message);
    return null;
  }
  const picked = items.length === 1 ? items[0] : await window.showQuickPick(items);
  return (await picked?.choose?.()) ?? null;
}

function separator(label: string): Item {
  return { label, kind: QuickPickItemKind.Separator };
}
