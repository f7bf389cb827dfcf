import { env, type LogOutputChannel, l10n, type Memento, ProgressLocation, window } from "vscode";
import { expandEnvironment, takePassword } from "../../model/connections/connection-text.ts";
import { describeFailure, type Failure, isPasswordFailure } from "../../model/failure.ts";
import type { PasswordVault } from "../../vscode/password-vault.ts";
import type { ConnectionSecret, OpenConnection, OpenConnections } from "./open-connections.ts";
import type { Profile } from "./profiles.ts";

/** A password that came with the connection string. */
export interface GivenPassword {
  readonly password: string | null;
  /** False where it is found anew each time, as in the environment, and need not be kept. */
  readonly isRemembered: boolean;
}

const CONFIRMED_KEY = "rockpool.confirmedConnections";

/** What a connect came to; `cancelled` where the user gave up. */
export type ConnectOutcome =
  | { readonly kind: "connected"; readonly connection: OpenConnection }
  | { readonly kind: "failed"; readonly failure: Failure }
  | { readonly kind: "cancelled" };

/** Opens profiles, with whatever must be asked on the way: a confirmation, a password, another try. */
export class Connector {
  readonly #connections: OpenConnections;
  readonly #passwords: PasswordVault;
  readonly #workspaceState: Memento;
  readonly #log: LogOutputChannel;

  constructor(parts: {
    connections: OpenConnections;
    passwords: PasswordVault;
    workspaceState: Memento;
    log: LogOutputChannel;
  }) {
    this.#connections = parts.connections;
    this.#passwords = parts.passwords;
    this.#workspaceState = parts.workspaceState;
    this.#log = parts.log;
  }

  /** Opens a profile and asks for what is missing; reports a failure to the user. */
  async connect(profile: Profile, given: GivenPassword): Promise<ConnectOutcome> {
    if (!(await this.#confirm(profile))) return { kind: "cancelled" };
    let { password, isRemembered } = given;
    for (;;) {
      const outcome = await this.#attempt(profile, password);
      if (outcome.kind === "connected" && isRemembered && password !== null) {
        await this.#passwords.write(profile, password);
      }
      if (outcome.kind !== "failed") return outcome;
      if (!isPasswordFailure(outcome.failure)) {
        await this.#report(profile, outcome.failure);
        return outcome;
      }
      password = await askPassword(profile, outcome.failure);
      if (password === null) return { kind: "cancelled" };
      isRemembered = true;
    }
  }

  /** Opens a profile without asking anything; for a connection that is made on its own. */
  async connectQuietly(profile: Profile): Promise<ConnectOutcome> {
    const outcome = await this.#tryOpen(profile, null, AbortSignal.timeout(30_000));
    if (outcome.kind === "failed") {
      this.#log.warn(`could not connect ${profile.name}: ${outcome.failure.message}`);
    }
    return outcome;
  }

  /** A workspace may not make the editor connect somewhere unseen. */
  async #confirm(profile: Profile): Promise<boolean> {
    if (profile.source === "user") return true;
    const key = `${profile.name}\n${profile.connection}`;
    const confirmed = this.#workspaceState.get<readonly string[]>(CONFIRMED_KEY, []);
    if (confirmed.includes(key)) return true;
    const connect = l10n.t("Connect");
    const answer = await window.showWarningMessage(
      l10n.t("Connect to a database that this workspace names?"),
      { modal: true, detail: `${profile.name}\n${takePassword(profile.connection).connection}` },
      connect,
    );
    if (answer !== connect) return false;
    await this.#workspaceState.update(CONFIRMED_KEY, [...confirmed, key]);
    return true;
  }

  async #attempt(profile: Profile, password: string | null): Promise<ConnectOutcome> {
    return window.withProgress(
      {
        location: ProgressLocation.Notification,
        title: l10n.t("Connecting to {0}…", profile.name),
        cancellable: true,
      },
      async (_, token) => {
        const abort = new AbortController();
        token.onCancellationRequested(() => abort.abort());
        return this.#tryOpen(profile, password, abort.signal);
      },
    );
  }

  async #tryOpen(profile: Profile, given: string | null, signal: AbortSignal): Promise<ConnectOutcome> {
    try {
      const secret = await this.#secretOf(profile, given);
      const connection = await this.#connections.open(profile, secret, signal);
      return { kind: "connected", connection };
    } catch (error) {
      const failure = describeFailure(error, signal);
      return failure.isCancelled ? { kind: "cancelled" } : { kind: "failed", failure };
    }
  }

  /** The connection string with its variables filled in, and the password: given, in the string, or remembered. */
  async #secretOf(profile: Profile, given: string | null): Promise<ConnectionSecret> {
    const { text, missing } = expandEnvironment(profile.connection, process.env);
    if (missing !== null) {
      throw new Error(l10n.t("The environment variable {0} is not set where extensions run.", missing));
    }
    const { connection, password } = takePassword(text);
    return { connection, password: given ?? password ?? (await this.#passwords.read(profile)) };
  }

  async #report(profile: Profile, failure: Failure): Promise<void> {
    this.#log.error(`could not connect ${profile.name}: ${failure.code ?? ""} ${failure.message}`);
    const copy = l10n.t("Copy Error");
    const show = l10n.t("Show Log");
    const text = [l10n.t("Could not connect to {0}: {1}", profile.name, failure.message), failure.remedy];
    const answer = await window.showErrorMessage(text.filter(Boolean).join(". "), copy, show);
    if (answer === copy) await env.clipboard.writeText(failure.message);
    if (answer === show) this.#log.show();
  }
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
