import { warnOnce } from "../warn-once.ts";
import type {
  ConnectionIdentity,
  ConnectionObserver,
  OperationEnd,
  OperationObservation,
  OperationStart,
} from "./observer.ts";

const warn = warnOnce();

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
