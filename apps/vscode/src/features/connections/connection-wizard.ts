import { l10n, window } from "vscode";
import { type Draft, emptyDraft } from "../../model/connections/draft.ts";
import type { Profile } from "../../model/connections/profile.ts";
import type { ServerFacts } from "../../model/database.ts";
import { describeFailure, type Failure } from "../../model/failure.ts";
import type { Services } from "../../services.ts";
import { askPick, type Place, runSteps } from "../../vscode/quick-input.ts";
import { leaveConnection } from "../leases/open-transactions.ts";
import {
  askAccess,
  askDatabase,
  askDraftPassword,
  askEnvironment,
  askHost,
  askName,
  askPaste,
  askPort,
  askScope,
  askTls,
  askUser,
  type DraftStep,
} from "./draft-questions.ts";
import type { OpenConnection } from "./open-connections.ts";
import { saveProfile } from "./profiles.ts";
import { type ProfileParts, replaceProfile } from "./replace-profile.ts";
import { reviewDraft } from "./review-draft.ts";

/** What the wizard needs of the extension. */
type Parts = ProfileParts & Pick<Services, "log">;

const STEP_BY_STEP: readonly DraftStep[] = [
  askHost,
  askPort,
  askDatabase,
  askUser,
  askDraftPassword,
  askTls,
  askName(null),
  askEnvironment,
  askAccess,
  askScope,
];

/** How a wizard ends. */
interface Ending {
  connection: OpenConnection | null;
}

/** Makes a new connection out of a pasted text or step by step; null where none was opened. */
export async function addConnection(parts: Parts): Promise<OpenConnection | null> {
  const title = l10n.t("New Connection");
  const ending: Ending = { connection: null };
  const finish = finishStep(parts, null, ending);
  for (;;) {
    const how = await askHow({ title, step: null, totalSteps: null, canGoBack: false });
    if (how === null) return null;
    const steps = how === "paste" ? [askPaste, finish] : [...STEP_BY_STEP, finish];
    const answer = await runSteps(emptyDraft(), steps, { title, canGoBack: true });
    if (answer.kind !== "back") return ending.connection;
  }
}

/** Shows a draft to be changed, tested and saved; `original` is the profile that it replaces. */
export async function editConnection(
  parts: Parts,
  draft: Draft,
  original: Profile | null,
): Promise<OpenConnection | null> {
  const title = original === null ? l10n.t("New Connection") : l10n.t("Edit {0}", original.name);
  const ending: Ending = { connection: null };
  await finishStep(parts, original, ending)(draft, { title, step: null, totalSteps: null, canGoBack: false });
  return ending.connection;
}

async function askHow(place: Place): Promise<"paste" | "steps" | null> {
  const items = [
    {
      label: `$(clippy) ${l10n.t("Paste a connection…")}`,
      detail: l10n.t("A URI, keywords, a JDBC URL, a psql command, PG* variables, or code that connects"),
      how: "paste" as const,
    },
    {
      label: `$(list-ordered) ${l10n.t("Step by step…")}`,
      detail: l10n.t("Host, port, database, user, password, TLS"),
      how: "steps" as const,
    },
  ];
  const answer = await askPick(place, { placeholder: l10n.t("How do you know the database?"), items });
  return answer.kind === "answered" ? answer.value.how : null;
}

/** The last step: the draft is tested, saved and connected, for as long as it takes. */
function finishStep(parts: Parts, original: Profile | null, ending: Ending): DraftStep {
  return async (given, place) => {
    let draft = given;
    let failure: Failure | null = null;
    for (;;) {
      const answer = await reviewDraft({ draft, originalName: original?.name ?? null, failure, place });
      if (answer.kind !== "answered") return answer;
      draft = answer.value.draft;
      if (answer.value.decision === "log") parts.log.show();
      if (answer.value.decision === "save" && (await save(parts, draft, original))) {
        return { kind: "answered", value: draft };
      }
      if (answer.value.decision !== "test") continue;
      await parts.connector.confirm(draft.profile);
      const outcome = await parts.connector.test(
        draft.profile,
        draft.password ?? (await storedFor(parts, original)),
      );
      failure = outcome.kind === "failed" ? outcome.failure : null;
      if (outcome.kind !== "done") continue;
      draft = { ...draft, password: outcome.password };
      if (!(await save(parts, draft, original))) continue;
      ending.connection = await parts.connector.connect(draft.profile, {
        password: draft.password,
        isRemembered: true,
      });
      if (ending.connection !== null) reportConnected(draft.profile, outcome.value);
      return { kind: "answered", value: draft };
    }
  };
}

/** A password is stored under the name and the string that the profile had before. */
async function storedFor({ passwords }: Parts, original: Profile | null): Promise<string | null> {
  return original === null ? null : await passwords.read(original);
}

/** Writes the settings and moves the password. False where the user wants to keep what is open, or it could not be written. */
async function save(parts: Parts, draft: Draft, original: Profile | null): Promise<boolean> {
  const { profile } = draft;
  try {
    const password = draft.password ?? (await storedFor(parts, original));
    if (original !== null) return await replaceProfile(parts, { original, profile, password });
    // What was found and opened under this name is opened anew, as it is saved.
    if (!(await leaveConnection(parts.sessions, profile.name))) return false;
    await parts.connections.close(profile.name);
    await saveProfile(profile);
    if (password !== null) await parts.passwords.write(profile, password);
    await parts.connector.confirm(profile);
    return true;
  } catch (error) {
    const { message } = describeFailure(error);
    void window.showErrorMessage(l10n.t("The connection could not be saved: {0}", message));
    return false;
  }
}

function reportConnected({ name }: Profile, facts: ServerFacts): void {
  void window.showInformationMessage(l10n.t("Connected to {0}: {1}", name, describeServer(facts)));
}

/** The server's version, how the connection is encrypted, and how fast it answers. */
export function describeServer({ version, encryption, latencyMillis, isStandby }: ServerFacts): string {
  const parts = [
    `PostgreSQL ${version}`,
    encryption === null ? l10n.t("not encrypted") : encryption.replace("TLSv", "TLS "),
    l10n.t("answers in {0} ms", latencyMillis < 10 ? latencyMillis.toFixed(1) : latencyMillis.toFixed(0)),
    ...(isStandby ? [l10n.t("standby, cannot be written to")] : []),
  ];
  return parts.join(", ");
}
