import { said } from "./said.ts";

/** A thing of the database that an error is about. */
export interface FailedObject {
  readonly kind: "table" | "column" | "constraint" | "data type";
  readonly name: string;
}

/** What is known of an error, whoever made it; safe to show, never written to the log as a whole. */
export interface Failure {
  readonly message: string;
  /** SQLSTATE, a code of the pool or of the operating system; null where there is none. */
  readonly code: string | null;
  readonly severity: string | null;
  readonly detail: string | null;
  readonly hint: string | null;
  readonly context: string | null;
  /** 1-based, in code points of the text that was sent. */
  readonly position: number | null;
  /** As `position`, in `internalQuery`: a query that a function made. */
  readonly internalPosition: number | null;
  readonly internalQuery: string | null;
  /** What the error is about, as the server names it: `table`, `column`, `constraint` and the like. */
  readonly objects: readonly FailedObject[];
  readonly isCancelled: boolean;
  readonly remedy: string | null;
}

const REMEDIES: Readonly<Record<string, string>> = {
  ECONNREFUSED: said("Nothing listens at that address: check host and port, and that the server runs."),
  ENOTFOUND: said("The host name does not resolve: check its spelling, the VPN or the DNS."),
  EAI_AGAIN: said("The host name could not be looked up now: check the network."),
  ETIMEDOUT: said("The server did not answer: check host, port and firewall."),
  EHOSTUNREACH: said("There is no route to the host: check the network or the VPN."),
  ENOENT: said("The socket or file does not exist: check the path."),
  "28P01": said("The password is wrong, or the user does not exist."),
  "28000": said("The server does not let this user in from here: check user, database and pg_hba.conf."),
  "3D000": said("The database does not exist: check the name after the last slash."),
  "53300": said("The server has no connection left: close other clients or raise max_connections."),
  "57P03": said("The server is starting or stopping: try again in a moment."),
  "57014": said("The statement was cancelled."),
  "25006": said("The session is read-only; the connection's readOnly setting may be the reason."),
  "25P02": said("An earlier statement failed: roll the transaction back."),
  "42501": said("This user lacks the privilege."),
  POOL_CONNECTION_LOST: said(
    "The session is gone, and with it its transaction, temporary tables and settings.",
  ),
  "57P01": said("The server ended the session, and with it its transaction, temporary tables and settings."),
  SESSION_LOST: said("Run again to go on with a new session."),
  POOL_ACQUIRE_TIMEOUT: said(
    "Commit, roll back or release what other editors hold, or raise rockpool.pool.max.",
  ),
};

function textOf(value: unknown, key: string): string | null {
  if (typeof value !== "object" || value === null || !(key in value)) return null;
  const found: unknown = Reflect.get(value, key);
  return typeof found === "string" && found !== "" ? found : null;
}

const WRAPPERS = new Set(["POOL_CONNECT", "POOL_ACQUIRE_TIMEOUT"]);

/** The innermost cause with a code of its own, since a connect error wraps what the server or the system said. */
function rootOf(error: unknown): unknown {
  const isWrapper = WRAPPERS.has(textOf(error, "code") ?? "");
  const cause: unknown = error instanceof Error ? error.cause : undefined;
  return isWrapper && cause !== undefined ? rootOf(cause) : error;
}

function isAbort(error: unknown, signal: AbortSignal | null): boolean {
  return signal?.aborted === true || (error instanceof Error && error.name === "AbortError");
}

function positionOf(value: unknown, key: string): number | null {
  const position = Number(textOf(value, key));
  return Number.isInteger(position) && position > 0 ? position : null;
}

function objectsOf(root: unknown): FailedObject[] {
  const schema = textOf(root, "schema");
  const table = textOf(root, "table");
  const named = (kind: FailedObject["kind"], name: string | null): FailedObject[] =>
    name === null ? [] : [{ kind, name }];
  return [
    ...named("table", table === null || schema === null ? table : `${schema}.${table}`),
    ...named("column", textOf(root, "column")),
    ...named("constraint", textOf(root, "constraint")),
    ...named("data type", textOf(root, "dataType")),
  ];
}

/** What to show of an error. A cancelled signal explains whatever came of it. */
export function describeFailure(error: unknown, signal: AbortSignal | null = null): Failure {
  const root = rootOf(error);
  const code = textOf(root, "code");
  const isCancelled = isAbort(error, signal);
  const message = root instanceof Error && root.message !== "" ? root.message : String(root);
  return {
    message: isCancelled ? "cancelled" : message,
    code: isCancelled ? null : code,
    severity: textOf(root, "severity"),
    detail: textOf(root, "detail"),
    hint: textOf(root, "hint"),
    context: textOf(root, "where"),
    position: positionOf(root, "position"),
    internalPosition: positionOf(root, "internalPosition"),
    internalQuery: textOf(root, "internalQuery"),
    objects: objectsOf(root),
    isCancelled,
    remedy: code === null ? null : (REMEDIES[code] ?? null),
  };
}

const LOSSES = new Set(["POOL_CONNECTION_LOST", "SESSION_LOST"]);

/** Whether the session ended with this error, so that whatever it carried is gone. */
export function isLoss(error: unknown): boolean {
  const severity = textOf(error, "severity");
  const isToldByCode = LOSSES.has(textOf(error, "code") ?? "");
  return isToldByCode || severity === "FATAL" || severity === "PANIC";
}

const PASSWORD_CODES = new Set(["28P01", "no_password"]);

/** Whether the server refused the password, or asked for one that was not given. */
export function isPasswordFailure(failure: Failure): boolean {
  return failure.code !== null && PASSWORD_CODES.has(failure.code);
}
