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
  readonly maxBytes: number;
}

function read<T>(key: string, fallback: T, scope?: ConfigurationScope): T {
  return workspace.getConfiguration("rockpool", scope).get<T>(key) ?? fallback;
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
    maxRows: read("results.maxRows", 100_000, scope),
    maxBytes: read("results.maxMegabytes", 128, scope) * 1_000_000,
  };
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

/**
 * The connection to open as soon as the extension starts; an empty string for none.
 *
 * A launcher writes it to the user's settings together with `rockpool.connections`; a connection such as
 * `${env:DATABASE_URL}` takes its value, password included, from the environment of the extension host.
 */
export function autoConnectName(): string {
  return read("autoConnect", "");
}
