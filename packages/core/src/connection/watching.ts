import type {
  ConnectionIdentity,
  ConnectionObserver,
  OperationEnd,
  OperationObservation,
  OperationStart,
} from "./observer.ts";

let hasWarned = false;

/** Tells an observer that an operation begins; one that throws sees nothing of it, and the operation goes on. */
export function beginWatching(
  observer: ConnectionObserver,
  connection: ConnectionIdentity,
  operation: OperationStart,
): OperationObservation | null {
  try {
    return observer.started(connection, operation);
  } catch (error) {
    warn(error);
    return null;
  }
}

/** Tells an observer that an operation has ended, of which its caller must hear whatever the observer does. */
export function endWatching(observation: OperationObservation, end: OperationEnd): void {
  try {
    observation.end(end);
  } catch (error) {
    warn(error);
  }
}

/** Once: an observer that throws does so at every operation. */
function warn(error: unknown): void {
  if (hasWarned) return;
  hasWarned = true;
  process.emitWarning(error instanceof Error ? error : String(error));
}
