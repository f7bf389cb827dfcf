import type { ErrorVerdict } from "./hooks.ts";

/** A server error as the driver gives it: told by its severity, since an errno such as `EPIPE` looks like a SQLSTATE. */
function serverErrorCode(error: unknown): string | null {
  if (typeof error !== "object" || error === null) return null;
  if (!("severity" in error) || !("code" in error)) return null;
  return typeof error.severity === "string" && typeof error.code === "string" ? error.code : null;
}

/**
 * What an error means for the connection that it happened on.
 *
 * An SQL error keeps its connection. Shutdown of the server (57P01, 57P02, 57P03) condemns every connection to that
 * host; broken connections (class 08), system errors (58), damaged configuration files (F0) and internal errors (XX)
 * condemn their own. A protocol violation (08P01) is a caller's mistake, most often a wrong number of
 * values; where it is more, the server ends the session with it. On a pool that asked for a writable server, 25006 says that the host is no longer one.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function classifyError(error: unknown, demandsWritable: boolean): ErrorVerdict {
  const code = serverErrorCode(error);
  if (code === null) return "keep";
  if (code === "57P01" || code === "57P02" || code === "57P03") return "evict-host";
  if (code === "25006") return demandsWritable ? "evict-host" : "keep";
  if (code === "08P01") return "keep";
  return /^(08|58|F0|XX)/.test(code) ? "discard" : "keep";
}

/** What a failed connect means; see `ConnectFailure`. */
export function classifyConnectFailure(error: unknown): "capacity" | "fatal" | "failure" {
  for (let cause = error; cause !== undefined && cause !== null; ) {
    const code = serverErrorCode(cause);
    if (code === "53300") return "capacity";
    // invalid_password, invalid_authorization_specification, invalid_catalog_name
    if (code === "28P01" || code === "28000" || code === "3D000") return "fatal";
    if (typeof cause !== "object") break;
    if ("code" in cause && (cause.code === "POOL_CONFIG" || cause.code === "no_password")) return "fatal";
    cause = "cause" in cause ? cause.cause : undefined;
  }
  return "failure";
}
