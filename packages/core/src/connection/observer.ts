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
  /** Rows returned or affected, where known. */
  readonly rowCount: number | null;
  readonly command: string | null;
}

/** The other end of one operation; `end` is called exactly once, whatever happens. */
export interface OperationObservation {
  /** A comment to append to the text on the wire, with its delimiters; null for none. */
  readonly comment: string | null;
  end(end: OperationEnd): void;
}

/** Sees every operation of a connection. Its methods must not throw. */
export interface ConnectionObserver {
  /** Null where this operation is of no interest, so that nothing is allocated for it. */
  started(connection: ConnectionIdentity, operation: OperationStart): OperationObservation | null;
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
