import { type ConfigurationScope, workspace } from "vscode";
import type { SessionMode } from "../model/session/session-request.ts";

/** Settings that concern a pool. */
export interface PoolSettings {
  readonly max: number;
  readonly idleTimeoutMillis: number;
  readonly acquireTimeoutMillis: number;
}

/** Settings that concern a run, for one document. */
export interface RunSettings {
  readonly stopsOnError: boolean;
  readonly pageSize: number;
  readonly maxRows: number;
}

/** Long enough for a person who thinks, short enough to be seen before somebody else waits for the lock. */
const DEFAULT_LEAK_SECONDS = 60;

function read<T>(key: string, fallback: T, scope?: ConfigurationScope): T {
  return workspace.getConfiguration("rockpool", scope).get<T>(key) ?? fallback;
}

/** The user's own value, whatever a workspace says. */
function readOwn<T>(key: string, fallback: T): T {
  return workspace.getConfiguration("rockpool").inspect<T>(key)?.globalValue ?? fallback;
}

export function poolSettings(): PoolSettings {
  return {
    max: read("pool.max", 4),
    idleTimeoutMillis: read("pool.idleTimeoutSeconds", 300) * 1_000,
    acquireTimeoutMillis: read("pool.acquireTimeoutSeconds", 30) * 1_000,
  };
}

export function runSettings(scope: ConfigurationScope): RunSettings {
  return {
    stopsOnError: read("run.onError", "stop", scope) === "stop",
    pageSize: read("results.pageSize", 1_000, scope),
    maxRows: read("results.maxRows", 2_000_000, scope),
  };
}

/** How much room the rows of all results have together. */
export function rowLimits(): { memoryBytes: number; diskBytes: number } {
  return {
    memoryBytes: read("results.memoryMegabytes", 64) * 1_000_000,
    diskBytes: read("results.diskMegabytes", 2_048) * 1_000_000,
  };
}

/** Where results show: in the panel, or in a tab of the editor. */
export function resultsLocation(): "panel" | "editor" {
  const location: string = read("results.location", "panel");
  return location === "editor" ? "editor" : "panel";
}

export function keepCursorMillis(): number {
  return read("results.keepCursorSeconds", 60) * 1_000;
}

export function nullText(): string {
  return read("results.nullText", "NULL");
}

/** How the session of a document gives its connection back, unless that was chosen for the document itself. */
export function sessionMode(scope: ConfigurationScope): SessionMode {
  return read("session.mode", "auto", scope);
}

export function showsBounds(scope: ConfigurationScope): boolean {
  return read("run.showBounds", true, scope);
}

export function remembersParameters(scope: ConfigurationScope): boolean {
  return read("run.rememberParameters", true, scope);
}

export function showsCodeLens(scope: ConfigurationScope): boolean {
  return read("run.codeLens", true, scope);
}

export function showsInlineOutcome(scope: ConfigurationScope): boolean {
  return read("run.inlineOutcome", true, scope);
}

/** Settings that concern the port on which programs report; a workspace has no say in them. */
export interface ReceiverSettings {
  readonly isEnabled: boolean;
  /** 0 takes a free one. */
  readonly port: number;
  /** Whether terminals and launches are told: where they send nothing elsewhere, always, or never. */
  readonly environment: "add" | "override" | "off";
}

export function receiverSettings(): ReceiverSettings {
  return {
    isEnabled: readOwn<boolean>("receiver.enabled", false),
    port: readOwn("receiver.port", 0),
    environment: readOwn<ReceiverSettings["environment"]>("receiver.environment", "add"),
  };
}

/** What the settings add to the environment of terminals, on every platform. */
export function terminalEnvironment(): readonly Readonly<Record<string, string | null>>[] {
  const settings = workspace.getConfiguration("terminal.integrated.env");
  return ["linux", "osx", "windows"].map((platform) => settings.get(platform, {}));
}

/** How long a connection may be held without a statement before it is taken for a leak; null = for ever. */
export function leakThresholdMillis(): number | null {
  const seconds = read<number | null>("leaks.thresholdSeconds", DEFAULT_LEAK_SECONDS);
  return seconds === null || seconds <= 0 ? null : seconds * 1_000;
}

export function isDiscoveryEnabled(): boolean {
  return read("discovery.enabled", true);
}

export function offersFoundConnections(): boolean {
  return read("discovery.notify", true);
}

/**
 * The connection to open as soon as the extension starts; an empty string for none.
 *
 * A launcher writes it to the user's settings together with `rockpool.connections`; a connection such as
 * `${env:DATABASE_URL}` takes its value, password included, from the environment of the extension host.
 */
export function autoConnectName(): string {
  return read("autoConnect", "");
}
