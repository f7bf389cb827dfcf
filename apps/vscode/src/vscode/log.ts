import { type Disposable, type LogOutputChannel, window } from "vscode";
import { withoutSecrets } from "../model/without-secrets.ts";

type Level = "debug" | "info" | "warn" | "error";

/** The extension's output channel; what is written to it loses its passwords on the way. */
export class Log implements Disposable {
  readonly #channel: LogOutputChannel = window.createOutputChannel("Rockpool", { log: true });

  debug(message: string, ...details: readonly string[]): void {
    this.#write("debug", message, details);
  }

  info(message: string, ...details: readonly string[]): void {
    this.#write("info", message, details);
  }

  warn(message: string, ...details: readonly string[]): void {
    this.#write("warn", message, details);
  }

  error(message: string, ...details: readonly string[]): void {
    this.#write("error", message, details);
  }

  /** Brings the channel in sight, without the focus. */
  show(): void {
    this.#channel.show(true);
  }

  dispose(): void {
    this.#channel.dispose();
  }

  #write(level: Level, message: string, details: readonly string[]): void {
    this.#channel[level](withoutSecrets([message, ...details].join(" ")));
  }
}
