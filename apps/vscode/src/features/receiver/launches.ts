import {
  type DebugConfiguration,
  type DebugConfigurationProvider,
  type Disposable,
  debug,
  Uri,
  workspace,
} from "vscode";
import { launchEnvironment } from "../../model/receiver/receiver-environment.ts";
import { Disposables } from "../../vscode/disposables.ts";
import type { Log } from "../../vscode/log.ts";
import type { Receiver } from "./receiver.ts";

/** `node` as it is written, `pwa-node` as the debugger calls it once it has taken it over. */
const LAUNCH_TYPES = ["node", "pwa-node"];

/** Tells programs that are launched for debugging where to report, while there is a receiver. */
class Launches implements DebugConfigurationProvider {
  readonly #receiver: Receiver;
  readonly #log: Log;

  constructor(parts: { receiver: Receiver; log: Log }) {
    this.#receiver = parts.receiver;
    this.#log = parts.log;
  }

  async resolveDebugConfigurationWithSubstitutedVariables(
    _folder: unknown,
    configuration: DebugConfiguration,
  ): Promise<DebugConfiguration> {
    // A launch may be what activates the extension, and its receiver is being started then.
    await this.#receiver.settled();
    const { variables } = this.#receiver;
    if (variables === null || configuration.request !== "launch") return configuration;
    const envFile = await this.#envFile(configuration.envFile);
    const env = launchEnvironment({ env: configuration.env, envFile }, variables);
    return env === null ? configuration : { ...configuration, env };
  }

  async #envFile(path: unknown): Promise<string | null> {
    if (typeof path !== "string" || path === "") return null;
    try {
      return new TextDecoder().decode(await workspace.fs.readFile(Uri.file(path)));
    } catch (error) {
      // The debugger says so itself, in its own words.
      this.#log.debug(`could not read ${path}`, String(error));
      return null;
    }
  }
}

export function registerLaunches(parts: { receiver: Receiver; log: Log }): Disposable {
  const provider = new Launches(parts);
  const disposables = new Disposables();
  for (const type of LAUNCH_TYPES) disposables.add(debug.registerDebugConfigurationProvider(type, provider));
  return disposables;
}
