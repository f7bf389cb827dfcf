/** The connection that a session kept has ended; nothing was sent. */
export class SessionLostError extends Error {
  readonly code = "SESSION_LOST";
  readonly carried: readonly string[];

  constructor(carried: readonly string[]) {
    super(
      `the connection that this editor kept was lost, and with it: ${carried.join(", ")}; nothing was run`,
    );
    this.name = "SessionLostError";
    this.carried = carried;
  }
}
