/** Which road an operation took to the server. */
export type OperationKind = "query" | "script" | "cursor" | "copy" | "pipeline" | "listen";

/** What an observer may know of an operation before it is sent. Parameter values are never among it. */
export interface OperationStart {
  readonly kind: OperationKind;
  readonly text: string;
  /** True where values travel apart from the text, so the text itself quotes none of them. */
  readonly isParameterised: boolean;
  /** True where the text is fixed by a prepared statement, so that no comment may be appended. */
  readonly isPrepared: boolean;
  /** How many statements were submitted together; 1 except for a pipeline or a script that is known to hold more. */
  readonly batchSize: number;
  /** What the borrower of the connection gave the observer to know it by; null outside a lease. */
  readonly scope: object | null;
}

/** How an operation ended. */
export interface OperationEnd {
  /** The error that its caller saw; null on success. */
  readonly error: unknown;
  /** True where its caller gave up, so that `error` is the caller's own reason. */
  readonly wasAborted: boolean;
  /** Rows returned or affected, where known. */
  readonly rowCount: number | null;
  /** The command's tag without its counts, where the server told it: not of a cursor that was left early. */
  readonly command: string | null;
}

/** The other end of one operation; `end` is called exactly once, whatever happens. */
export interface OperationObservation {
  /** A comment to append to the text on the wire, with its delimiters; null for none. */
  readonly comment: string | null;
  end(end: OperationEnd): void;
}

/** What an observer may know of a transaction before its BEGIN. */
export interface TransactionStart {
  /** As the caller asked for it; null = the server's default. */
  readonly isolation: string | null;
  /** 1 for the first try, one more for each retry. */
  readonly attempt: number;
  /** As in {@link OperationStart}. */
  readonly scope: object | null;
}

/** How a transaction ended; `error` means that its outcome is unknown or that not even the rollback worked. */
export type TransactionOutcome = "commit" | "rollback" | "error";

/** The other end of one try of a transaction; `end` is called exactly once, after its last operation. */
export interface TransactionObservation {
  /** Runs the whole try, from BEGIN to COMMIT or ROLLBACK, so that its operations are seen as parts of it. */
  run<T>(attempt: () => T): T;
  end(end: TransactionEnd): void;
}

/** How one try of a transaction ended. */
export interface TransactionEnd {
  readonly outcome: TransactionOutcome;
  /** What made it fail; null on commit. */
  readonly error: unknown;
  /** True where the caller gave the whole transaction up, so that `error` is the caller's own reason. */
  readonly wasAborted: boolean;
  /** True where the error is not the caller's concern, since the transaction is tried again. */
  readonly isRetried: boolean;
}

/** Sees every operation of a connection. Its methods must not throw. */
export interface ConnectionObserver {
  /** False while it would have answered null to any operation, so that it is not even asked; read at each. Absent = true. */
  readonly isListening?: boolean;
  /** Null where this operation is of no interest, so that nothing is allocated for it. Called in the context of the caller. */
  started(connection: ConnectionIdentity, operation: OperationStart): OperationObservation | null;
  /** A try of the transaction helper begins; savepoints are operations of it. Null where it is of no interest. */
  transactionStarted?(
    connection: ConnectionIdentity,
    transaction: TransactionStart,
  ): TransactionObservation | null;
  /**
   * Runs a call into the driver out of sight of other instrumentations that have patched it; null where there is none, which is
   * the usual case. Read at each call: a patch can come later.
   */
  readonly shield?: (<T>(call: () => T) => T) | null;
}

/** What is known of a physical connection from its birth to its end. */
export interface ConnectionIdentity {
  /** `<pool>#<n>`, unique in the process; `<database>@<host>#<n>` outside a pool. */
  readonly id: string;
  /** The server process; null where a pooler hides it. */
  readonly backendPid: number | null;
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}
