import type { SecretStorage } from "vscode";
import { takePassword } from "../model/connections/connection-text.ts";

/** Passwords in the editor's secret storage, one for each connection name and string. */
export class PasswordVault {
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  async read(profile: { name: string; connection: string }): Promise<string | null> {
    return (await this.#secrets.get(keyOf(profile))) ?? null;
  }

  async write(profile: { name: string; connection: string }, password: string): Promise<void> {
    await this.#secrets.store(keyOf(profile), password);
  }

  async forget(profile: { name: string; connection: string }): Promise<void> {
    await this.#secrets.delete(keyOf(profile));
  }
}

/**
 * The string is part of the key: a workspace that redirects a known name to its own server gets no password. A password that
 * somebody wrote into it is not, since keys are no secrets.
 */
function keyOf({ name, connection }: { name: string; connection: string }): string {
  return `password:${name}\n${takePassword(connection).connection}`;
}
