import { looksLikeConnection } from "./connection-text.ts";
import { parseConnection, withValue } from "./connection-values.ts";
import type { Profile } from "./profile.ts";

/** A profile that is being made or changed, with the password that goes to the secret storage. */
export interface Draft {
  readonly profile: Profile;
  /** Null where none was given, so that a stored one stays. */
  readonly password: string | null;
}

/** The parts of a connection string that are asked for one by one. */
export type DraftField = "host" | "port" | "dbname" | "user" | "sslmode";

/** libpq's six modes, from none to all. */
export const TLS_MODES: readonly string[] = [
  "disable",
  "allow",
  "prefer",
  "require",
  "verify-ca",
  "verify-full",
];

export function emptyDraft(): Draft {
  const profile: Profile = {
    name: "",
    connection: "postgresql:///",
    max: null,
    isReadOnly: false,
    environment: null,
    scope: { kind: "user" },
  };
  return { profile, password: null };
}

export function fieldOf({ profile }: Draft, field: DraftField): string {
  return parseConnection(profile.connection)?.get(field) ?? "";
}

/** False where variables stand for parts of the string, which then can only be changed as a whole. */
export function hasFields({ profile }: Draft): boolean {
  return parseConnection(profile.connection) !== null;
}

export function withProfileOf(draft: Draft, change: Partial<Profile>): Draft {
  return { ...draft, profile: { ...draft.profile, ...change } };
}

export function withField(draft: Draft, field: DraftField, value: string): Draft {
  return withProfileOf(draft, { connection: withValue(draft.profile.connection, field, value.trim()) });
}

/** A host that was given as `host:port`, taken apart. */
export function withHost(draft: Draft, text: string): Draft {
  const [, host, port] = /^([^:,\s/]+):(\d+)$/.exec(text.trim()) ?? [];
  if (host === undefined || port === undefined) return withField(draft, "host", text);
  return withField(withField(draft, "host", host), "port", port);
}

/** What is wrong with an answer, for the one who gives it; null where nothing is. */
export type Check = (value: string) => Problem | null;

/** Each has a text that says what to do. */
export type Problem =
  | "hostHasBlank"
  | "hostIsConnection"
  | "portIsNoNumber"
  | "nameIsEmpty"
  | "nameIsTaken"
  | "notUnderstood";

export const checkHost: Check = (value) => {
  if (value.includes("://")) return "hostIsConnection";
  return /[^,\s]\s+[^,\s]/.test(value.trim()) ? "hostHasBlank" : null;
};

export const checkPort: Check = (value) => {
  const ports = value.trim() === "" ? [] : value.split(",");
  const isRight = (port: string) => /^\s*\d+\s*$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535;
  return ports.every(isRight) ? null : "portIsNoNumber";
};

/** A name may be kept, but not taken from another profile. */
export function checkName(value: string, taken: readonly string[]): Problem | null {
  if (value.trim() === "") return "nameIsEmpty";
  return taken.includes(value.trim()) ? "nameIsTaken" : null;
}

/** A connection string of either form; what it means is decided when it is opened. */
export const checkConnection: Check = (value) =>
  looksLikeConnection(value) || value.includes("${env:") ? null : "notUnderstood";

/** The name, or one like it that no other connection has. */
export function freeName(proposed: string, taken: readonly string[]): string {
  for (let count = 1; ; count++) {
    const candidate = count === 1 ? proposed : `${proposed} ${count}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

/** A guess at what a database is for, from the names in its connection; null where they do not tell. */
export function guessEnvironment(connection: string): Profile["environment"] {
  const values = parseConnection(connection);
  const text = `${values?.get("host") ?? ""} ${values?.get("dbname") ?? ""}`.toLowerCase();
  if (/(?:^|[^a-z])(?:prod|production|live)(?:[^a-z]|$)/.test(text)) return "production";
  if (/(?:^|[^a-z])(?:stage|staging|stg|preprod|uat)(?:[^a-z]|$)/.test(text)) return "staging";
  return /(?:^|\s)(?:localhost|127\.0\.0\.1|::1|)(?:\s|$)/.test(text) ? "development" : null;
}
