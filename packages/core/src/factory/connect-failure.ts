import { isServerError } from "../connection/server-error.ts";
import { type ConnectAttempt, ConnectError } from "../errors.ts";

/** The SQLSTATE of an error that a server sent; null for any other, since `EPIPE` looks like one. */
function sqlStateOf(error: unknown): string | null {
  return isServerError(error) ? (error.code ?? null) : null;
}

/** The server could not verify the client, or would not accept what it offered. */
export function isCredentialRefusal(error: unknown): boolean {
  return ["28P01", "28000"].includes(sqlStateOf(error) ?? "");
}

/** SQLSTATE classes that speak of this client and its wishes; another server of the same cluster would say the same. */
const aboutClient = ["0A", "22", "28", "3D", "42"];

/** Whether trying another address makes no sense. */
export function isAboutClient(error: unknown): boolean {
  return aboutClient.includes(classOf(error) ?? "");
}

/** Whether the server refused this way of encryption as far as one can tell, so that another may be tried. */
export function isAboutEncryption(error: unknown): boolean {
  const sqlStateClass = classOf(error);
  return sqlStateClass !== null && sqlStateClass !== "53" && sqlStateClass !== "57";
}

function classOf(error: unknown): string | null {
  return sqlStateOf(error)?.slice(0, 2) ?? null;
}

/** SQLSTATE, errno or a word of ours. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error && "code" in error && typeof error.code === "string") return error.code;
  return error instanceof Error && /terminated/.test(error.message) ? "closed" : "error";
}

/** What to do about a reason; the last one is usually that of the whole failure. */
const remedies: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "check that the server runs and listens there"],
  ["ENOENT", "check that the server runs, or set host where it is not on this machine"],
  ["ENOTFOUND", "check the name of the host"],
  ["EAI_AGAIN", "check the name service"],
  ["timeout", "check the network, or raise connect_timeout"],
  ["28P01", "check user and password"],
  ["28000", "check user, pg_hba.conf and sslmode"],
  ["3D000", "check the name of the database"],
  ["53300", "raise max_connections of the server, or lower max of the pools"],
  ["57P03", "wait until the server accepts connections"],
  ["no_password", "set password, PGPASSWORD or a password file"],
  [
    "protocol_error",
    "check that host and port are those of a PostgreSQL server and that it asks for a password or a certificate",
  ],
  ["tls_refused", "turn on ssl on the server, or lower sslmode"],
  ["tls_name_mismatch", "connect by a name that is in the certificate"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "set sslrootcert to the certificate of the authority"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "set sslrootcert to this certificate"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "set sslrootcert to the certificate of the authority"],
  ["read_only", "no server accepts writes; check target_session_attrs and the state of the cluster"],
  ["standby", "no server is a primary; check target_session_attrs and the state of the cluster"],
  ["not_read_only", "no server is read-only; check target_session_attrs"],
  ["primary", "no server is a standby; use prefer-standby to fall back to the primary"],
]);

/** The error of a connect that failed everywhere. */
export function connectError(attempts: readonly ConnectAttempt[], cause: unknown): ConnectError {
  const places = attempts.map(({ host, port, reason }) => `${host}:${port} (${reason})`).join(", ");
  const detail = cause instanceof Error && cause.message !== "" ? `: ${cause.message}` : "";
  const remedy = remedyOf(cause, attempts.at(-1)?.reason ?? "");
  return new ConnectError(`cannot connect to ${places}${detail}${remedy === null ? "" : `; ${remedy}`}`, {
    attempts,
    cause,
  });
}

function remedyOf(cause: unknown, reason: string): string | null {
  if (isServerError(cause) && cause.message.includes("unsupported startup parameter")) {
    return 'this is a pooler: set pooler to "transaction" and leave out options, or list the parameter in ignore_startup_parameters';
  }
  return remedies.get(reason) ?? null;
}
