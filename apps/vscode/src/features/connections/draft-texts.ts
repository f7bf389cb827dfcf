import { l10n, type QuickPickItem, workspace } from "vscode";
import type { Problem } from "../../model/connections/draft.ts";
import type { PastedFormat } from "../../model/connections/pasted-connection.ts";
import type { EnvironmentKind, Profile, ProfileScope } from "../../model/connections/profile.ts";

/** What is wrong with an answer, and what to do. */
export function problemText(problem: Problem): string {
  switch (problem) {
    case "hostHasBlank":
      return l10n.t("A host has no blanks. Separate several hosts by commas.");
    case "hostIsConnection":
      return l10n.t("Only the host goes here, such as db.example.com.");
    case "portIsNoNumber":
      return l10n.t("A port is a number from 1 to 65535; PostgreSQL's own is 5432.");
    case "nameIsEmpty":
      return l10n.t("Give it a name; it shows in the status bar.");
    case "nameIsTaken":
      return l10n.t("Another connection has this name. Choose one of its own.");
    case "notUnderstood":
      return l10n.t("Begin with postgresql:// or with a keyword such as host=localhost");
  }
}

export function formatText(format: PastedFormat): string {
  switch (format) {
    case "uri":
      return l10n.t("URI");
    case "keywords":
      return l10n.t("Keywords");
    case "jdbc":
      return l10n.t("JDBC URL");
    case "command":
      return l10n.t("Command line");
    case "variables":
      return l10n.t("Environment variables");
    case "code":
      return l10n.t("Code");
  }
}

export function environmentText(kind: EnvironmentKind | null): string {
  if (kind === "development") return l10n.t("Development");
  if (kind === "staging") return l10n.t("Staging");
  return kind === "production" ? l10n.t("Production") : l10n.t("Not said");
}

export function accessText(isReadOnly: boolean): string {
  return isReadOnly ? l10n.t("Read-only") : l10n.t("Read and write");
}

export function scopeText(scope: ProfileScope): string {
  if (scope.kind === "user") return l10n.t("User settings");
  if (scope.kind === "workspace") return l10n.t("Workspace settings");
  const folder = workspace.workspaceFolders?.find(({ uri }) => uri.toString() === scope.uri);
  return l10n.t("Settings of the folder {0}", folder?.name ?? scope.uri);
}

type Choice<T> = QuickPickItem & { readonly value: T };

/** libpq's six modes, with what each protects from. */
export function tlsChoices(): readonly Choice<string>[] {
  return [
    {
      label: "prefer",
      value: "prefer",
      detail: l10n.t("Encrypts if the server can; checks nothing. PostgreSQL's default."),
    },
    {
      label: "disable",
      value: "disable",
      detail: l10n.t("Never encrypts: anybody on the way can read and change."),
    },
    {
      label: "allow",
      value: "allow",
      detail: l10n.t("Encrypts only if the server insists; checks nothing."),
    },
    {
      label: "require",
      value: "require",
      detail: l10n.t("Always encrypts, but does not check whom it talks to: an impostor goes unnoticed."),
    },
    {
      label: "verify-ca",
      value: "verify-ca",
      detail: l10n.t("Encrypts, and the certificate must come from an authority that you trust."),
    },
    {
      label: "verify-full",
      value: "verify-full",
      detail: l10n.t(
        "Encrypts, and the certificate must be of that very host. The safe choice over a network.",
      ),
    },
  ];
}

export function environmentChoices(): readonly Choice<EnvironmentKind | null>[] {
  return [
    {
      label: `$(beaker) ${environmentText("development")}`,
      value: "development",
      detail: l10n.t("Runs without asking."),
    },
    {
      label: `$(eye) ${environmentText("staging")}`,
      value: "staging",
      detail: l10n.t("Shown in the status bar and at the tab; runs without asking."),
    },
    {
      label: `$(flame) ${environmentText("production")}`,
      value: "production",
      detail: l10n.t("Shown in red while it can be written to; asks before each statement that writes."),
    },
    { label: `$(dash) ${environmentText(null)}`, value: null, detail: l10n.t("Shown without a mark.") },
  ];
}

export function accessChoices(): readonly Choice<boolean>[] {
  return [
    {
      label: `$(edit) ${accessText(false)}`,
      value: false,
      detail: l10n.t("Whatever the user of the database may do."),
    },
    {
      label: `$(lock) ${accessText(true)}`,
      value: true,
      detail: l10n.t(
        "The server refuses to write: every session begins with default_transaction_read_only = on.",
      ),
    },
  ];
}

/** Where a connection can be saved here. */
export function scopeChoices(): readonly Choice<ProfileScope>[] {
  const folders = workspace.workspaceFolders ?? [];
  const choices: Choice<ProfileScope>[] = [
    {
      label: `$(account) ${scopeText({ kind: "user" })}`,
      value: { kind: "user" },
      detail: l10n.t("For you, everywhere."),
    },
  ];
  if (folders.length === 0) return choices;
  const shared = l10n.t("For everybody who opens it; may name no file and no variable of a machine.");
  choices.push({
    label: `$(root-folder) ${scopeText({ kind: "workspace" })}`,
    value: { kind: "workspace" },
    detail: shared,
  });
  if (folders.length === 1) return choices;
  for (const { uri } of folders) {
    const value: ProfileScope = { kind: "folder", uri: uri.toString() };
    choices.push({ label: `$(folder) ${scopeText(value)}`, value, detail: shared });
  }
  return choices;
}

/** What a profile is, in a few words. */
export function describeProfile({ environment, isReadOnly }: Profile): string {
  const words = [
    environment === null ? "" : environmentText(environment),
    isReadOnly ? accessText(true) : "",
  ];
  return words.filter((word) => word !== "").join(", ");
}
