import { l10n, type QuickPickItem, QuickPickItemKind } from "vscode";
import { type Draft, type DraftField, fieldOf, hasFields } from "../../model/connections/draft.ts";
import type { Failure } from "../../model/failure.ts";
import { type Answer, askPick, type Place } from "../../vscode/quick-input.ts";
import { translated } from "../../vscode/translated.ts";
import {
  askAccess,
  askConnection,
  askDatabase,
  askDraftPassword,
  askEnvironment,
  askHost,
  askName,
  askPort,
  askScope,
  askTls,
  askUser,
  type DraftStep,
} from "./draft-questions.ts";
import { accessText, environmentText, scopeText } from "./draft-texts.ts";

/** What to do with a draft. */
export type Decision = "test" | "save" | "log";

interface Item extends QuickPickItem {
  readonly decision?: Decision;
  readonly ask?: DraftStep;
}

export interface Review {
  readonly draft: Draft;
  /** The name that it had before, which it may keep; null where it is new. */
  readonly originalName: string | null;
  /** Why the last test failed. */
  readonly failure: Failure | null;
  readonly place: Place;
}

function field(label: string, description: string, ask: DraftStep): Item {
  return { label, description, ask };
}

function value(draft: Draft, name: DraftField, fallback: string): string {
  const given = fieldOf(draft, name);
  return given === "" ? `(${fallback})` : given;
}

function connectionItems(draft: Draft): Item[] {
  if (!hasFields(draft)) {
    return [field(l10n.t("Connection string"), draft.profile.connection, askConnection)];
  }
  const byDefault = l10n.t("default");
  return [
    field(l10n.t("Host"), value(draft, "host", byDefault), askHost),
    field(l10n.t("Port"), value(draft, "port", "5432"), askPort),
    field(l10n.t("Database"), value(draft, "dbname", byDefault), askDatabase),
    field(l10n.t("User"), value(draft, "user", byDefault), askUser),
    field(
      l10n.t("Password"),
      draft.password === null ? l10n.t("(asked for when needed)") : "••••••",
      askDraftPassword,
    ),
    field(l10n.t("TLS mode"), value(draft, "sslmode", "prefer"), askTls),
  ];
}

function profileItems({ profile }: Draft, originalName: string | null): Item[] {
  return [
    field(l10n.t("Name"), profile.name, askName(originalName)),
    field(l10n.t("Environment"), environmentText(profile.environment), askEnvironment),
    field(l10n.t("Access"), accessText(profile.isReadOnly), askAccess),
    field(l10n.t("Save in"), scopeText(profile.scope), askScope),
  ];
}

function failureItems(failure: Failure): Item[] {
  const detail = failure.remedy
    ? translated(failure.remedy)
    : l10n.t("Change what is wrong below, then test again.");
  return [
    { label: `$(error) ${failure.message}`, detail, decision: "log", alwaysShow: true },
    { label: `$(refresh) ${l10n.t("Test Again, Save and Connect")}`, decision: "test" },
    {
      label: `$(save) ${l10n.t("Save Anyway")}`,
      description: l10n.t("without connecting"),
      decision: "save",
    },
    { label: `$(output) ${l10n.t("Show Log")}`, decision: "log" },
  ];
}

function itemsOf({ draft, originalName, failure }: Review): Item[] {
  const first: Item[] =
    failure === null
      ? [
          { label: `$(plug) ${l10n.t("Test, Save and Connect")}`, decision: "test" },
          { label: `$(save) ${l10n.t("Save")}`, description: l10n.t("without connecting"), decision: "save" },
        ]
      : failureItems(failure);
  return [
    ...first,
    separator(l10n.t("connection")),
    ...connectionItems(draft),
    separator(l10n.t("profile")),
    ...profileItems(draft, originalName),
  ];
}

function separator(label: string): Item {
  return { label, kind: QuickPickItemKind.Separator };
}

/** Shows all of a draft in one list, in which each part can be changed, until the user decides. */
export async function reviewDraft(review: Review): Promise<Answer<{ draft: Draft; decision: Decision }>> {
  let { draft } = review;
  for (;;) {
    const items = itemsOf({ ...review, draft });
    const answer = await askPick(review.place, {
      placeholder: l10n.t("Test it, or choose what to change"),
      items,
    });
    if (answer.kind !== "answered") return answer;
    const { decision, ask, label } = answer.value;
    if (decision !== undefined) return { kind: "answered", value: { draft, decision } };
    const place = { title: `${review.place.title}: ${label}`, step: null, totalSteps: null, canGoBack: true };
    const changed = await ask?.(draft, place);
    if (changed?.kind === "cancelled") return changed;
    if (changed?.kind === "answered") draft = changed.value;
  }
}
