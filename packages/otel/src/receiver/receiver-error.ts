/** Why a receiver could not start. */
export type ReceiverErrorCode = "RECEIVER_PORT_IN_USE" | "RECEIVER_PORT_REFUSED" | "RECEIVER_LISTEN_FAILED";

/** The receiver could not listen; `cause` is what the system said. */
export class ReceiverError extends Error {
  readonly code: ReceiverErrorCode;

  constructor(code: ReceiverErrorCode, message: string, options: ErrorOptions) {
    super(message, options);
    this.name = "ReceiverError";
    this.code = code;
  }
}

/** Says in words what kept the receiver from listening, and what to do. */
export function listenError(error: unknown, address: string): ReceiverError {
  const options = { cause: error };
  const code = error instanceof Error && "code" in error ? error.code : null;
  if (code === "EADDRINUSE") {
    const remedy = "end the program that listens there, or choose another port (0 takes a free one)";
    return new ReceiverError("RECEIVER_PORT_IN_USE", `${address} is in use: ${remedy}`, options);
  }
  if (code === "EACCES") {
    return new ReceiverError(
      "RECEIVER_PORT_REFUSED",
      `${address} needs privileges: choose a port above 1023`,
      options,
    );
  }
  return new ReceiverError("RECEIVER_LISTEN_FAILED", `cannot listen on ${address}`, options);
}
