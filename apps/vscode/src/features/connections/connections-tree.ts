import {
  type Disposable,
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
} from "vscode";
import { takePassword } from "../../model/connections/connection-text.ts";
import { escapeMarkdown } from "../../vscode/markdown.ts";
import type { OpenConnections } from "./open-connections.ts";
import { type Profile, readProfiles } from "./profiles.ts";

/** The saved connections and those that are open without being saved. */
export class ConnectionsTree implements TreeDataProvider<Profile>, Disposable {
  readonly #changed = new EventEmitter<void>();
  readonly #connections: OpenConnections;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(connections: OpenConnections) {
    this.#connections = connections;
  }

  refresh(): void {
    this.#changed.fire();
  }

  getChildren(parent?: Profile): Profile[] {
    if (parent !== undefined) return [];
    const saved = readProfiles();
    const names = new Set(saved.map(({ name }) => name));
    const unsaved = this.#connections.all
      .map(({ profile }) => profile)
      .filter(({ name }) => !names.has(name));
    return [...saved, ...unsaved];
  }

  getTreeItem(profile: Profile): TreeItem {
    const open = this.#connections.get(profile.name);
    const target = open?.database.target ?? takePassword(profile.connection).connection;
    const item = new TreeItem(profile.name);
    item.id = profile.name;
    item.description = target;
    item.contextValue = open === null ? "profile.closed" : "profile.open";
    item.iconPath = new ThemeIcon("database", open === null ? undefined : new ThemeColor("charts.green"));
    const state = open === null ? l10n.t("not connected") : l10n.t("connected");
    item.tooltip = new MarkdownString(
      `**${escapeMarkdown(profile.name)}** · ${state}\n\n${escapeMarkdown(target)}`,
    );
    item.accessibilityInformation = { label: `${profile.name}, ${state}, ${target}` };
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
