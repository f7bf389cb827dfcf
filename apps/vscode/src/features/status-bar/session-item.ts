import { l10n, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from "vscode";
import { formatAge } from "../../model/duration.ts";
import type { NamedSession } from "../../model/pool/pool-view.ts";
import type { SessionMode } from "../../model/session/session-request.ts";
import type { Services } from "../../services.ts";
import { escapeMarkdown } from "../../vscode/markdown.ts";
import { translated } from "../../vscode/translated.ts";

/** What the item says of a session; null where there is nothing to say. */
interface SessionText {
  readonly text: string;
  readonly label: string;
  readonly background: string | null;
}

export function createSessionItem(): StatusBarItem {
  const item = window.createStatusBarItem("rockpool.session", StatusBarAlignment.Left, 49.5);
  item.name = "Rockpool: Session";
  item.command = "rockpool.session.menu";
  return item;
}

/** The session of the active editor: its transaction and how long that has been open, what it keeps, its mode. */
export function showSession(services: Services, item: StatusBarItem): void {
  const document = window.activeTextEditor?.document;
  const named = document === undefined ? null : services.sessions.named(document.uri);
  const mode = document === undefined ? "auto" : services.sessions.modeOf(document.uri);
  const isSql = document?.languageId === "sql" && services.sessions.connectionOf(document.uri) !== null;
  const shown = isSql ? textOf(named, mode, services.clock.now()) : null;
  if (shown === null) {
    item.hide();
    return;
  }
  item.text = shown.text;
  item.backgroundColor = shown.background === null ? undefined : new ThemeColor(shown.background);
  item.accessibilityInformation = { label: shown.label, role: "button" };
  item.tooltip = tooltip(named, shown.label);
  item.show();
}

function textOf(named: NamedSession | null, mode: SessionMode, now: number): SessionText | null {
  const transaction = named?.session.transaction ?? null;
  if (transaction !== null) {
    const age = formatAge(now - transaction.since);
    if (transaction.status === "failed") {
      const label = l10n.t("Transaction failed, open for {0}: roll it back", age);
      return {
        text: `$(error) ${l10n.t("TX failed {0}", age)}`,
        label,
        background: "statusBarItem.errorBackground",
      };
    }
    const label = l10n.t("Transaction open for {0}: commit or roll back", age);
    return { text: `$(circle-filled) TX ${age}`, label, background: "statusBarItem.warningBackground" };
  }
  const reasons = named?.session.state.kind === "kept" ? named.session.reasons : [];
  if (reasons.length > 0) {
    const text = reasons.map(translated).join(", ");
    return { text: `$(lock) ${text}`, label: l10n.t("Connection kept: {0}", text), background: null };
  }
  if (mode === "pinned")
    return { text: `$(pinned) ${l10n.t("pinned")}`, label: l10n.t("Session mode: pinned"), background: null };
  if (mode === "pooled")
    return { text: `$(layers) ${l10n.t("pooled")}`, label: l10n.t("Session mode: pooled"), background: null };
  return null;
}

function tooltip(named: NamedSession | null, label: string): MarkdownString {
  const text = new MarkdownString(escapeMarkdown(label));
  if (named?.session.transaction) {
    const commands = ["rockpool.lease.commit", "rockpool.lease.rollback"];
    text.isTrusted = { enabledCommands: commands };
    const links = [`[${l10n.t("Roll Back")}](command:rockpool.lease.rollback)`];
    if (named.session.transaction.status === "transaction") {
      links.unshift(`[${l10n.t("Commit")}](command:rockpool.lease.commit)`);
    }
    text.appendMarkdown(`\n\n${links.join(" · ")}`);
  }
  return text;
}
