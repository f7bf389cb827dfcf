/** What went wrong, as a stable code. */
export type LaunchErrorCode =
  | "POSTGRES_NO_BINARY"
  | "POSTGRES_PORT_IN_USE"
  | "POSTGRES_DISK_FULL"
  | "POSTGRES_DATA_DIRECTORY_IN_USE"
  | "POSTGRES_DATA_DIRECTORY_VERSION"
  | "POSTGRES_NOT_PERMITTED"
  | "POSTGRES_BAD_SETTING"
  | "POSTGRES_START_FAILED"
  | "POSTGRES_DOWNLOAD_FAILED"
  | "PGBOUNCER_NOT_INSTALLED"
  | "PGBOUNCER_START_FAILED";

/** A server that could not be started or stopped; the message says what to do about it. */
export class LaunchError extends Error {
  override readonly name = "LaunchError";
  readonly code: LaunchErrorCode;

  constructor(code: LaunchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

interface Diagnosis {
  readonly pattern: RegExp;
  readonly code: LaunchErrorCode;
  readonly explain: (subject: LaunchSubject) => string;
}

/** What a failed command was about, for the words of its error. */
export interface LaunchSubject {
  readonly port: number;
  readonly dataDirectory: string;
}

const DIAGNOSES: readonly Diagnosis[] = [
  {
    pattern: /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/,
    code: "POSTGRES_DISK_FULL",
    explain: ({ dataDirectory }) =>
      `no space left for the data directory ${dataDirectory}: a new one takes about 60 MB; free some, or set TMPDIR or the dataDirectory option to another disk`,
  },
  {
    pattern: /could not bind|Address already in use|could not create any TCP\/IP sockets/,
    code: "POSTGRES_PORT_IN_USE",
    explain: ({ port }) =>
      `port ${port} on 127.0.0.1 is in use: stop the program that has it, choose another port, or give none for a free one`,
  },
  {
    pattern:
      /lock file "postmaster\.pid" already exists|another server might be running|pre-existing shared memory/,
    code: "POSTGRES_DATA_DIRECTORY_IN_USE",
    explain: ({ dataDirectory }) =>
      `another server runs on the data directory ${dataDirectory}: stop it (pg_ctl -D ${dataDirectory} stop) or choose another directory`,
  },
  {
    pattern: /database files are incompatible with server|initialized by PostgreSQL version/,
    code: "POSTGRES_DATA_DIRECTORY_VERSION",
    explain: ({ dataDirectory }) =>
      `the data directory ${dataDirectory} belongs to another major version: give that version, or an empty directory`,
  },
  {
    pattern:
      /unrecognized configuration parameter|invalid value for parameter|invalid line \d+ in file|contains errors|could not load \S*pg_hba\.conf/,
    code: "POSTGRES_BAD_SETTING",
    explain: () => "the server refused its configuration: correct the settings or the hba option",
  },
  {
    pattern: /Permission denied|EACCES|EPERM|Operation not permitted|has wrong ownership|invalid permissions/,
    code: "POSTGRES_NOT_PERMITTED",
    explain: ({ dataDirectory }) =>
      `not permitted to use ${dataDirectory}: the server's user must own it (mode 0700) and be able to enter every folder above it`,
  },
];

/** Turns the output of a failed server command into an error that says what to do; the output's end follows. */
export function diagnoseLaunch(what: string, output: string, subject: LaunchSubject): LaunchError {
  const found = DIAGNOSES.find(({ pattern }) => pattern.test(output));
  const tail = output.trim().split("\n").slice(-12).join("\n");
  const words = found?.explain(subject) ?? "see what it said";
  return new LaunchError(found?.code ?? "POSTGRES_START_FAILED", `${what} failed: ${words}\n${tail}`);
}
