import { InputBoxValidationSeverity, l10n } from "vscode";
import { proposeName } from "../../model/connections/connection-text.ts";
import {
  checkConnection,
  checkHost,
  checkName,
  checkPort,
  type Draft,
  fieldOf,
  freeName,
  guessEnvironment,
  withField,
  withHost,
  withProfileOf,
} from "../../model/connections/draft.ts";
import { type PastedConnection, readPasted } from "../../model/connections/pasted-connection.ts";
import { type Answer, askPick, askText, type Place, type Step } from "../../vscode/quick-input.ts";
import {
  accessChoices,
  environmentChoices,
  formatText,
  problemText,
  scopeChoices,
  tlsChoices,
} from "./draft-texts.ts";
import { readProfiles } from "./profiles.ts";

/** A question about a draft: what it is called, and how it is asked. */
export type DraftStep = Step<Draft>;

function mapped<T, U>(answer: Answer<T>, change: (value: T) => U): Answer<U> {
  return answer.kind === "answered" ? { kind: "answered", value: change(answer.value) } : answer;
}

/** The draft with what was pasted in place of its connection. */
export function withPasted(draft: Draft, { connection, password }: PastedConnection): Draft {
  const taken = readProfiles().map(({ name }) => name);
  const name = draft.profile.name === "" ? freeName(proposeName(connection), taken) : draft.profile.name;
  const environment = draft.profile.environment ?? guessEnvironment(connection);
  return { ...withProfileOf(draft, { connection, name, environment }), password: password ?? draft.password };
}

export const askPaste: DraftStep = async (draft, place) => {
  const answer = await askText(place, {
    prompt: l10n.t("A password in it goes to the editor's secret storage, not to settings."),
    placeholder: l10n.t("A URI, keywords, a JDBC URL, a psql command, PG* variables, or code that connects"),
    validate: (value) => {
      if (value.trim() === "") return undefined;
      const pasted = readPasted(value);
      if (pasted === null) return l10n.t("There is no PostgreSQL connection in this text.");
      const message = l10n.t("{0}: {1}", formatText(pasted.format), pasted.connection);
      return { message, severity: InputBoxValidationSeverity.Info };
    },
  });
  if (answer.kind !== "answered") return answer;
  const pasted = readPasted(answer.value);
  return pasted === null ? { kind: "back" } : { kind: "answered", value: withPasted(draft, pasted) };
};

export const askHost: DraftStep = async (draft, place) => {
  const answer = await askText(place, {
    prompt: l10n.t(
      "Host. Several are separated by commas; a directory means a Unix socket; empty means this machine.",
    ),
    placeholder: "localhost",
    value: fieldOf(draft, "host"),
    validate: (value) => {
      const pasted = value.includes("://") ? readPasted(value) : null;
      if (pasted !== null) {
        const message = l10n.t("A whole connection string: its parts will be filled in.");
        return { message, severity: InputBoxValidationSeverity.Info };
      }
      const problem = checkHost(value);
      return problem === null ? undefined : problemText(problem);
    },
  });
  return mapped(answer, (value) => {
    const pasted = value.includes("://") ? readPasted(value) : null;
    return pasted === null ? withHost(draft, value) : withPasted(draft, pasted);
  });
};

export const askPort: DraftStep = async (draft, place) =>
  mapped(
    await askText(place, {
      prompt: l10n.t("Port"),
      placeholder: "5432",
      value: fieldOf(draft, "port"),
      validate: (value) => {
        const problem = checkPort(value);
        return problem === null ? undefined : problemText(problem);
      },
    }),
    (value) => withField(draft, "port", value),
  );

export const askDatabase: DraftStep = async (draft, place) =>
  mapped(
    await askText(place, {
      prompt: l10n.t("Database. Empty means the one that is called as the user."),
      placeholder: "postgres",
      value: fieldOf(draft, "dbname"),
    }),
    (value) => withField(draft, "dbname", value),
  );

export const askUser: DraftStep = async (draft, place) =>
  mapped(
    await askText(place, {
      prompt: l10n.t("User. Empty means your name on the machine where extensions run."),
      value: fieldOf(draft, "user"),
    }),
    (value) => withField(draft, "user", value),
  );

export const askDraftPassword: DraftStep = async (draft, place) =>
  mapped(
    await askText(place, {
      prompt: l10n.t(
        "Password. Empty leaves it to a password file, or asks when it is needed. It is kept in the editor's secret storage, never in settings.",
      ),
      value: draft.password ?? "",
      isSecret: true,
    }),
    (value) => ({ ...draft, password: value === "" ? null : value }),
  );

export const askTls: DraftStep = async (draft, place) => {
  const items = tlsChoices();
  const active = items.find(({ value }) => value === fieldOf(draft, "sslmode"));
  const answer = await askPick(place, {
    placeholder: l10n.t("How the connection is encrypted"),
    items,
    active,
  });
  return mapped(answer, ({ value }) => withField(draft, "sslmode", value));
};

/** The name may stay what it is. */
export function askName(original: string | null): DraftStep {
  return async (draft, place) => {
    const taken = readProfiles()
      .map(({ name }) => name)
      .filter((name) => name !== original);
    const { name, connection } = draft.profile;
    const answer = await askText(place, {
      prompt: l10n.t("Name"),
      value: name === "" ? freeName(proposeName(connection), taken) : name,
      validate: (value) => {
        const problem = checkName(value, taken);
        return problem === null ? undefined : problemText(problem);
      },
    });
    return mapped(answer, (value) => withProfileOf(draft, { name: value.trim() }));
  };
}

export const askEnvironment: DraftStep = async (draft, place) => {
  const items = environmentChoices();
  const { environment, connection } = draft.profile;
  const proposed = environment ?? guessEnvironment(connection);
  const active = items.find(({ value }) => value === proposed);
  const answer = await askPick(place, { placeholder: l10n.t("What the database is for"), items, active });
  return mapped(answer, ({ value }) => withProfileOf(draft, { environment: value }));
};

export const askAccess: DraftStep = async (draft, place) => {
  const items = accessChoices();
  const active = items.find(({ value }) => value === draft.profile.isReadOnly);
  const answer = await askPick(place, { placeholder: l10n.t("What may be done with it"), items, active });
  return mapped(answer, ({ value }) => withProfileOf(draft, { isReadOnly: value }));
};

export const askScope: DraftStep = async (draft, place) => {
  const items = scopeChoices();
  const { scope } = draft.profile;
  const active = items.find(({ value }) => JSON.stringify(value) === JSON.stringify(scope));
  const answer = await askPick(place, { placeholder: l10n.t("Where it is saved"), items, active });
  return mapped(answer, ({ value }) => withProfileOf(draft, { scope: value }));
};

/** The whole string, for one whose parts are variables. */
export const askConnection: DraftStep = async (draft: Draft, place: Place) =>
  mapped(
    await askText(place, {
      prompt: l10n.t("Connection string"),
      value: draft.profile.connection,
      validate: (value) => {
        const problem = checkConnection(value);
        return problem === null ? undefined : problemText(problem);
      },
    }),
    (value) => withProfileOf(draft, { connection: value.trim() }),
  );
