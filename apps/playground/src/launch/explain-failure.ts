import { ConnectError, isPoolError } from "@rockpool/core";
import { PlaygroundError } from "../playground-error.ts";

/**
 * What a user reads of a failed start; null where it is a defect, whose stack is of more use.
 *
 * Server errors are told by their SQLSTATE, errors of the system by their code.
 */
export function explainFailure(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof PlaygroundError) return error.message;
  if (error.name === "LaunchError" || error.name === "EditorError") return error.message;
  const codes = codesOf(error);
  if (codes.has("28P01") || codes.has("28000")) {
    return `${error.message}\nThe database refused the user or the password. Correct DATABASE_URL, PGPASSWORD or the password file.`;
  }
  if (codes.has("3D000"))
    return `${error.message}\nCreate that database, or name another one in DATABASE_URL.`;
  if (codes.has("ENOSPC") || codes.has("53100"))
    return `${error.message}\nThe disk is full: free some space.`;
  if (error instanceof ConnectError) {
    return `${error.message}\nIs the database up? Correct DATABASE_URL, or unset it to use a database of our own.`;
  }
  return isPoolError(error) ? error.message : null;
}

function codesOf(error: Error): Set<string> {
  const codes = new Set<string>();
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if ("code" in current && typeof current.code === "string") codes.add(current.code);
  }
  return codes;
}
