import {
  type Disposable,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  TreeItemCollapsibleState,
} from "vscode";
import { describeConnection } from "../../model/connections/connection-values.ts";
import type { FoundConnection } from "../../model/connections/found-connections.ts";
import type { Profile } from "../../model/connections/profile.ts";
import { escapeMarkdown } from "../../vscode/markdown.ts";
import { unknownOf } from "./choose-connection.ts";
import { describeServer } from "./connection-wizard.ts";
import type { Discovery } from "./discovery.ts";
import { describeProfile, environmentText, scopeText } from "./draft-texts.ts";
import type { OpenConnections } from "./open-connections.ts";
import { readProfiles } from "./profiles.ts";

/** A row of the view. */
export type ConnectionNode =
  | { readonly kind: "profile"; readonly name: string; readonly profile: Profile; readonly isSaved: boolean }
  | { readonly kind: "group" }
  | { readonly kind: "found"; readonly found: FoundConnection };

const GROUP: ConnectionNode = { kind: "group" };

/** The saved connections, those that are open without being saved, and those that were found. */
export class ConnectionsTree implements TreeDataProvider<ConnectionNode>, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #connections: OpenConnections;
  readonly #discovery: Discovery;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(connections: OpenConnections, discovery: Discovery) {
    this.#connections = connections;
    this.#discovery = discovery;
  }

  refresh(): void {
    this.#changed.fire();
  }

  getChildren(parent?: ConnectionNode): ConnectionNode[] {
    if (parent?.kind === "group") return this.#found.map((found) => ({ kind: "found", found }));
    if (parent !== undefined) return [];
    const saved = readProfiles();
    const names = new Set(saved.map(({ name }) => name));
    const unsaved = this.#connections.all
      .map(({ profile }) => profile)
      .filter(({ name }) => !names.has(name));
    const nodes: ConnectionNode[] = [
      ...saved.map((profile) => profileNode(profile, "saved")),
      ...unsaved.map((profile) => profileNode(profile, "unsaved")),
    ];
    return this.#found.length === 0 ? nodes : [...nodes, GROUP];
  }

  getTreeItem(node: ConnectionNode): TreeItem {
    if (node.kind === "profile") return this.#profileItem(node.profile, node.isSaved ? "saved" : "unsaved");
    return node.kind === "found" ? foundTreeItem(node.found) : groupItem();
  }

  /** Tooltips are made when they are shown. */
  resolveTreeItem(item: TreeItem, node: ConnectionNode): TreeItem {
    if (node.kind === "profile") item.tooltip = this.#tooltip(node.profile);
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  get #found(): readonly FoundConnection[] {
    return unknownOf(this.#discovery.found, this.#connections);
  }

  #profileItem(profile: Profile, kept: "saved" | "unsaved"): TreeItem {
    const open = this.#connections.get(profile.name);
    const item = new TreeItem(profile.name);
    const target = open?.database.target ?? describeConnection(profile.connection);
    const about = describeProfile(profile);
    const state = open === null ? l10n.t("not connected") : l10n.t("connected");
    item.id = `profile:${profile.name}`;
    const described = about === "" ? target : `${about} · ${target}`;
    item.description = open === null ? described : `● ${described}`;
    item.contextValue = `profile.${open === null ? "closed" : "open"}.${kept}`;
    item.iconPath = profileIcon(profile, open === null ? "closed" : "open");
    item.accessibilityInformation = {
      label: [profile.name, state, about, target].filter(Boolean).join(", "),
    };
    return item;
  }

  #tooltip(profile: Profile): MarkdownString {
    const open = this.#connections.get(profile.name);
    const lines = [
      `**${escapeMarkdown(profile.name)}** · ${open === null ? l10n.t("not connected") : l10n.t("connected")}`,
      escapeMarkdown(open?.database.target ?? describeConnection(profile.connection)),
      ...(open === null ? [] : [escapeMarkdown(describeServer(open.database.facts))]),
      [environmentText(profile.environment), scopeText(profile.scope)].map(escapeMarkdown).join(" · "),
    ];
    return new MarkdownString(lines.join("\n\n"));
  }
}

function profileNode(profile: Profile, kept: "saved" | "unsaved"): ConnectionNode {
  return { kind: "profile", name: profile.name, profile, isSaved: kept === "saved" };
}

/** A lock says that it is read-only; the colour, what the database is for, and of one that is for nothing special that it is connected. */
function profileIcon({ environment, isReadOnly }: Profile, state: "open" | "closed"): ThemeIcon {
  const shape = isReadOnly ? "lock" : "database";
  if (environment === "production") return new ThemeIcon(shape, new ThemeColor("charts.red"));
  if (environment === "staging") return new ThemeIcon(shape, new ThemeColor("charts.yellow"));
  return new ThemeIcon(shape, state === "open" ? new ThemeColor("charts.green") : undefined);
}

function groupItem(): TreeItem {
  const item = new TreeItem(l10n.t("Found"), TreeItemCollapsibleState.Expanded);
  item.id = "found";
  item.contextValue = "found.group";
  item.tooltip = l10n.t("Connections in the environment, in .env files, in service and password files");
  return item;
}

function foundTreeItem(found: FoundConnection): TreeItem {
  const target = describeConnection(found.connection);
  const item = new TreeItem(found.label);
  item.id = `found:${found.place}:${found.label}`;
  item.description = `${found.place} · ${target}`;
  item.contextValue = "found";
  item.iconPath = new ThemeIcon("symbol-variable");
  item.tooltip = new MarkdownString(
    `**${escapeMarkdown(found.label)}** · ${escapeMarkdown(found.place)}\n\n${escapeMarkdown(target)}`,
  );
  item.accessibilityInformation = {
    label: l10n.t("{0}, found in {1}, {2}", found.label, found.place, target),
  };
  return item;
}
