import { ConnectError, isPoolError, type PoolError } from "../errors.ts";
import { ERROR_OTHER } from "./semconv.ts";
import { sqlstateClass } from "./sqlstate-class.ts";

/** What telemetry says of an error. */
export interface Failure {
  /** `error.type`, of low cardinality. */
  readonly type: string;
  /** `db.response.status_code`; null where the server did not answer. */
  readonly sqlstate: string | null;
  /** A description that quotes no value; null where the type says it all. */
  readonly description: string | null;
  /** The server's own words, which can quote values; null where it said none. */
  readonly serverMessage: string | null;
}

const SQLSTATE = /^[0-9A-Z]{5}$/;
/** Node's errno names, and the codes of its own and of OpenSSL's errors. */
const SYSTEM_CODE = /^[A-Z][A-Z0-9_]{2,63}$/;
const CLASS_NAME = /^[A-Za-z_$][\w$]{0,63}$/;
/** What `ConnectAttempt.reason` may be: a SQLSTATE, an errno name or a word of ours. */
const REASON = /^\w{1,64}$/;

/**
 * Reads off an error what a span and a metric may say of it.
 *
 * In order: the SQLSTATE of a server error; for an error of Rockpool its code as a word (`acquire_timeout`, `pool_closed`), and for
 * a failed connect the reason of its last attempt; `aborted` and `timeout` for the standard reasons of an `AbortSignal`; the code of a
 * system error; the class of any other.
 */
export function describeFailure(error: unknown): Failure {
  if (isPoolError(error)) return ofPoolError(error);
  if (!(error instanceof Error)) return plain(ERROR_OTHER);
  const sqlstate = sqlstateOf(error);
  if (sqlstate !== null) return ofServer(sqlstate, error.message);
  if (error.name === "AbortError") return plain("aborted");
  if (error.name === "TimeoutError") return plain("timeout");
  const code = codeOf(error);
  if (code !== null && SYSTEM_CODE.test(code)) return plain(code);
  return plain(CLASS_NAME.test(error.name) ? error.name : ERROR_OTHER);
}

/**
 * What an abort comes to, whatever class of error the caller gave as the reason: a program may use any, and those that it fails with
 * elsewhere too. A timeout of the caller's is told apart, and so is a reason of Rockpool's own.
 */
export function describeAbort(reason: unknown): Failure {
  if (isPoolError(reason)) return ofPoolError(reason);
  return plain(reason instanceof Error && reason.name === "TimeoutError" ? "timeout" : "aborted");
}

/** How an operation or a transaction failed. */
export function describeEnd(end: { readonly error: unknown; readonly wasAborted: boolean }): Failure {
  return end.wasAborted ? describeAbort(end.error) : describeFailure(end.error);
}

function ofPoolError(error: PoolError): Failure {
  const cause = error.code === "POOL_CONNECT" ? describeConnectFailure(error) : null;
  if (cause !== null) return cause;
  // The messages of Rockpool's own errors hold names and numbers; only a failed connect repeats the words of others.
  const description = error.code === "POOL_CONNECT" ? null : error.message;
  return { ...plain(wordOf(error)), description };
}

function describeConnectFailure(error: PoolError): Failure | null {
  const cause = error.cause instanceof Error ? describeFailure(error.cause) : null;
  if (cause?.sqlstate != null) return cause;
  const reason = error instanceof ConnectError ? error.attempts.at(-1)?.reason : undefined;
  if (reason !== undefined && REASON.test(reason)) return plain(reason);
  return cause;
}

function wordOf(error: PoolError): string {
  if (error.code === "POOL_CLOSED") return "pool_closed";
  if (error.code === "POOL_SUSPENDED") return "pool_suspended";
  return error.code.slice("POOL_".length).toLowerCase();
}

function ofServer(sqlstate: string, message: string): Failure {
  return { type: sqlstate, sqlstate, description: sqlstateClass(sqlstate), serverMessage: message };
}

function plain(type: string): Failure {
  return { type, sqlstate: null, description: null, serverMessage: null };
}

/** Told by the severity, which the server always sends: `EPIPE` looks like a SQLSTATE. */
function sqlstateOf(error: Error): string | null {
  const code = codeOf(error);
  const isFromServer = "severity" in error && typeof error.severity === "string";
  return isFromServer && code !== null && SQLSTATE.test(code) ? code : null;
}

function codeOf(error: Error): string | null {
  return "code" in error && typeof error.code === "string" ? error.code : null;
}
