/** The connection that a session kept has ended; nothing was sent. */
export class SessionLostError extends Error {
  readonly code = "SESSION_LOST";
  readonly carried: readonly string[];

  constructor(carried: readonly string[]) {
    const what = carried.length === 0 ? "" : `, and with it: ${carried.join(", ")}`;
    super(`the connection that this editor kept was lost${what}; nothing was run`);
    this.name = "SessionLostError";
    this.carried = carried;
  }
}
