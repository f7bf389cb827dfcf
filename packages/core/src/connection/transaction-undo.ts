import { ConnectionBusyError, ConnectionLostError } from "../errors.ts";
import type { Session } from "./session.ts";

/** Longer than any rollback takes on a server that answers. */
const rollbackTimeoutMillis = 5_000;

/** Rolls back the transaction of a session, or what came since a savepoint. */
export async function undo(session: Session, savepoint: string | null): Promise<void> {
  try {
    await sendUndo(session, savepoint);
  } catch (error) {
    // The server rolls back what a lost connection left open.
    if (error instanceof ConnectionLostError) return;
    if (!(error instanceof ConnectionBusyError)) throw error;
    // A COPY that nobody reads any more keeps the connection.
    await session.cancelRunning();
    await sendUndo(session, savepoint);
  }
}

async function sendUndo(session: Session, savepoint: string | null): Promise<void> {
  const options = { timeoutMillis: rollbackTimeoutMillis };
  if (savepoint === null) await session.query("rollback", [], options);
  else await session.script(`rollback to savepoint ${savepoint}; release savepoint ${savepoint}`, options);
}
