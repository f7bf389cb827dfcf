import { env, l10n, type Memento, ProgressLocation, window } from "vscode";
import { expandEnvironment, takePassword } from "../../model/connections/connection-text.ts";
import { isSupplied, type Profile } from "../../model/connections/profile.ts";
import type { ServerFacts } from "../../model/database.ts";
import { describeFailure, type Failure, isPasswordFailure } from "../../model/failure.ts";
import type { Log } from "../../vscode/log.ts";
import type { PasswordVault } from "../../vscode/password-vault.ts";
import { translated } from "../../vscode/translated.ts";
import { isAllowedHere } from "../../vscode/trust.ts";
import {
  type ConnectionSecret,
  type OpenConnection,
  type OpenConnections,
  requestFor,
} from "./open-connections.ts";

/** A password that came with the connection string. */
export interface GivenPassword {
  readonly password: string | null;
  /** False where it is found anew each time, as in the environment, and need not be kept. */
  readonly isRemembered: boolean;
}

/** What a try came to; `cancelled` where the user gave up. */
export type Outcome<T> =
  | { readonly kind: "done"; readonly value: T; readonly password: string | null }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "cancelled" };

const CONFIRMED_KEY = "rockpool.confirmedConnections";
const QUIET_TIMEOUT_MILLIS = 30_000;

/** Something to try with a profile's secret. */
interface Trial<T> {
  readonly profile: Profile;
  readonly password: string | null;
  /** What the progress says. */
  readonly title: string;
  readonly attempt: (secret: ConnectionSecret, signal: AbortSignal) => Promise<T>;
}

/** Opens profiles, with whatever must be asked on the way: a confirmation, a password, another try. */
export class Connector {
  readonly #connections: OpenConnections;
  readonly #passwords: PasswordVault;
  readonly #workspaceState: Memento;
  readonly #log: Log;

  constructor(parts: {
    connections: OpenConnections;
    passwords: PasswordVault;
    workspaceState: Memento;
    log: Log;
  }) {
    this.#connections = parts.connections;
    this.#passwords = parts.passwords;
    this.#workspaceState = parts.workspaceState;
    this.#log = parts.log;
  }

  /** Opens a profile and asks for what is missing; reports a failure to the user. */
  async connect(profile: Profile, given: GivenPassword): Promise<OpenConnection | null> {
    if (!isAllowedHere() || !(await this.#confirm(profile))) return null;
    const outcome = await this.#try({
      profile,
      password: given.password,
      title: l10n.t("Connecting to {0}…", profile.name),
      attempt: (secret, signal) => this.#connections.open(profile, secret, signal),
    });
    if (outcome.kind === "failed") await this.#report(profile, outcome.failure);
    if (outcome.kind !== "done") return null;
    const wasAsked = outcome.password !== given.password;
    if (outcome.password !== null && (given.isRemembered || wasAsked)) {
      await this.#passwords.write(profile, outcome.password);
    }
    return outcome.value;
  }

  /** Connects once to learn whether that works, keeps nothing, and leaves the failure to the caller. */
  async test(profile: Profile, password: string | null): Promise<Outcome<ServerFacts>> {
    if (!isAllowedHere() || !(await this.#confirm(profile))) return { kind: "cancelled" };
    return this.#try({
      profile,
      password,
      title: l10n.t("Testing {0}…", profile.name),
      attempt: async (secret, signal) => {
        const { testDatabase } = await import("../../database/open-database.ts");
        return testDatabase(requestFor(profile, secret, signal));
      },
    });
  }

  /** Opens a profile without asking anything; for a connection that is made on its own. */
  async connectQuietly(profile: Profile): Promise<void> {
    const signal = AbortSignal.timeout(QUIET_TIMEOUT_MILLIS);
    try {
      await this.#connections.open(profile, await this.#secretOf(profile, null), signal);
    } catch (error) {
      this.#logFailure(profile, describeFailure(error, signal));
    }
  }

  /** Takes a profile for confirmed, since the user has just written it. */
  async confirm(profile: Profile): Promise<void> {
    const confirmed = this.#confirmed;
    const key = confirmationKey(profile);
    if (isSupplied(profile) && !confirmed.includes(key)) {
      await this.#workspaceState.update(CONFIRMED_KEY, [...confirmed, key]);
    }
  }

  get #confirmed(): readonly string[] {
    return this.#workspaceState.get<readonly string[]>(CONFIRMED_KEY, []);
  }

  /** A workspace may not make the editor connect somewhere unseen. */
  async #confirm(profile: Profile): Promise<boolean> {
    if (!isSupplied(profile) || this.#confirmed.includes(confirmationKey(profile))) return true;
    const connect = l10n.t("Connect");
    const answer = await window.showWarningMessage(
      l10n.t("Connect to a database that this workspace names?"),
      { modal: true, detail: `${profile.name}\n${takePassword(profile.connection).connection}` },
      connect,
    );
    if (answer !== connect) return false;
    await this.confirm(profile);
    return true;
  }

  /** Tries, and once more with another password for as long as the server refuses the one that it got. */
  async #try<T>(trial: Trial<T>): Promise<Outcome<T>> {
    for (let { password } = trial; ; ) {
      const outcome = await this.#tryOnce({ ...trial, password });
      if (outcome.kind !== "failed" || !isPasswordFailure(outcome.failure)) return outcome;
      password = await askPassword(trial.profile, outcome.failure);
      if (password === null) return { kind: "cancelled" };
    }
  }

  async #tryOnce<T>({ profile, password, title, attempt }: Trial<T>): Promise<Outcome<T>> {
    const options = { location: ProgressLocation.Notification, title, cancellable: true };
    return window.withProgress(options, async (_, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      try {
        const value = await attempt(await this.#secretOf(profile, password), abort.signal);
        return { kind: "done", value, password };
      } catch (error) {
        const failure = describeFailure(error, abort.signal);
        if (failure.isCancelled) return { kind: "cancelled" };
        this.#logFailure(profile, failure);
        return { kind: "failed", failure };
      }
    });
  }

  /** The connection string with its variables filled in, and the password: given, in the string, or remembered. */
  async #secretOf(profile: Profile, given: string | null): Promise<ConnectionSecret> {
    const { connection, password } = takePassword(expanded(profile));
    return { connection, password: given ?? password ?? (await this.#passwords.read(profile)) };
  }

  #logFailure(profile: Profile, failure: Failure): void {
    this.#log.error(`could not connect ${profile.name}: ${failure.code ?? ""} ${failure.message}`);
  }

  async #report(profile: Profile, failure: Failure): Promise<void> {
    const copy = l10n.t("Copy Error");
    const show = l10n.t("Show Log");
    const text = [
      l10n.t("Could not connect to {0}: {1}", profile.name, failure.message),
      failure.remedy && translated(failure.remedy),
    ];
    const answer = await window.showErrorMessage(text.filter(Boolean).join(". "), copy, show);
    if (answer === copy) await env.clipboard.writeText(failure.message);
    if (answer === show) this.#log.show();
  }
}

function confirmationKey({ name, connection }: Profile): string {
  return `${name}\n${takePassword(connection).connection}`;
}

/** Variables are filled in for the user's own profiles alone: a workspace could send their values to a server of its choice. */
function expanded(profile: Profile): string {
  const { text, missing } = expandEnvironment(profile.connection, process.env);
  if (text === profile.connection && missing === null) return text;
  if (isSupplied(profile)) {
    throw new Error(
      l10n.t("A connection of a workspace may not read environment variables. Save it in the user settings."),
    );
  }
  if (missing === null) return text;
  throw new Error(l10n.t("The environment variable {0} is not set where extensions run.", missing));
}

async function askPassword(profile: Profile, failure: Failure): Promise<string | null> {
  const wasWrong = failure.code === "28P01";
  const password = await window.showInputBox({
    title: l10n.t("Password for {0}", profile.name),
    prompt: wasWrong
      ? l10n.t("The server did not accept the password. It is kept in the editor's secret storage.")
      : l10n.t("It is kept in the editor's secret storage, never in settings."),
    password: true,
    ignoreFocusOut: true,
  });
  return password ?? null;
}
