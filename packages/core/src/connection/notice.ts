/** What the server says beside a result: a warning, a notice, a `RAISE` of a function. */
export interface Notice {
  /** `NOTICE`, `WARNING`, `INFO`, `LOG` or `DEBUG`, in the language of the server's messages. */
  readonly severity: string;
  /** The SQLSTATE. */
  readonly code: string;
  readonly message: string;
  readonly detail: string | null;
  readonly hint: string | null;
  readonly where: string | null;
  readonly schema: string | null;
  readonly table: string | null;
  readonly column: string | null;
  readonly constraint: string | null;
}

/** What a `NOTIFY` of some session said on a channel that this session listens to. */
export interface Notification {
  readonly channel: string;
  readonly payload: string;
  /** The server process that notified. */
  readonly processId: number;
}
