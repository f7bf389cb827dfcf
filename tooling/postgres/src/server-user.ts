import { execFileSync } from "node:child_process";

/** The operating-system user that server processes run as; empty where they run as the caller. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

let known: ServerUser | null = null;

/**
 * PostgreSQL refuses to run as root, so root hands over to `postgres` or, where there is none, `nobody`. Both are in
 * the system's user list, which initdb asks for its own name, so a bare number would not do.
 */
export function serverUser(): ServerUser {
  known ??= process.getuid?.() === 0 ? (lookUp("postgres") ?? lookUp("nobody") ?? {}) : {};
  return known;
}

function lookUp(name: string): ServerUser | null {
  try {
    return { uid: numberOf("-u", name), gid: numberOf("-g", name) };
  } catch {
    return null;
  }
}

function numberOf(flag: string, name: string): number {
  return Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }));
}
