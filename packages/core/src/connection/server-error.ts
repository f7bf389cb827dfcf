/**
 * An error that the server sent, as it reaches the caller: untouched, in the class of the driver (`pg.DatabaseError`).
 *
 * @see {@link https://www.postgresql.org/docs/current/protocol-error-fields.html}
 */
export interface ServerError extends Error {
  /** The SQLSTATE. */
  code?: string | undefined;
  severity?: string | undefined;
  detail?: string | undefined;
  hint?: string | undefined;
  /** Where in the statement, in characters from 1. */
  position?: string | undefined;
  internalPosition?: string | undefined;
  internalQuery?: string | undefined;
  where?: string | undefined;
  schema?: string | undefined;
  table?: string | undefined;
  column?: string | undefined;
  dataType?: string | undefined;
  constraint?: string | undefined;
  file?: string | undefined;
  line?: string | undefined;
  routine?: string | undefined;
}

/** Tells an error that the server sent from one of the stream, which can carry a code that looks like a SQLSTATE. */
export function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && "severity" in error && typeof error.severity === "string";
}
