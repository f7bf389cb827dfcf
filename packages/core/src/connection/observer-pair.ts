import type { ConnectionObserver, OperationObservation, TransactionObservation } from "./observer.ts";

/** One observer for two; only the first may comment statements, shield the driver and carry transactions. */
export function bothObservers(
  first: ConnectionObserver | null,
  second: ConnectionObserver | null,
): ConnectionObserver | null {
  if (first === null || second === null) return first ?? second;
  return {
    get isListening() {
      return first.isListening !== false || second.isListening !== false;
    },
    started: (connection, operation) =>
      bothObservations(first.started(connection, operation), second.started(connection, operation)),
    transactionStarted: (connection, transaction): TransactionObservation | null =>
      first.transactionStarted?.(connection, transaction) ?? null,
    get shield() {
      return first.shield ?? null;
    },
  };
}

function bothObservations(
  first: OperationObservation | null,
  second: OperationObservation | null,
): OperationObservation | null {
  if (first === null || second === null) return first ?? second;
  return {
    comment: first.comment,
    end: (end) => {
      first.end(end);
      second.end(end);
    },
  };
}
