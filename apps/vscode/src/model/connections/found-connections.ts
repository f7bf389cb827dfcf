import { composeUri } from "./connection-values.ts";
import { connectionFromPgVariables, urlsIn } from "./variable-lines.ts";

/** A connection that was found without asking. */
export interface FoundConnection {
  /** What it is called where it was found: a variable, a service, a host and database. */
  readonly label: string;
  /** Where it was found, as a user knows it. */
  readonly place: string;
  /** May hold a password, which is then used and never kept. */
  readonly connection: string;
  /** Whether the workspace supplied it, rather than the user's own machine. */
  readonly isSupplied: boolean;
}

interface Place {
  readonly place: string;
  readonly isSupplied: boolean;
}

/** Connections in environment variables, or in a `.env` file. */
export function foundInVariables(
  variables: Readonly<Record<string, string | undefined>>,
  where: Place,
): readonly FoundConnection[] {
  const urls = urlsIn(variables).map(({ name, connection }) => ({ label: name, connection, ...where }));
  const connection = connectionFromPgVariables(variables);
  return connection === null ? urls : [...urls, { label: "PG*", connection, ...where }];
}

/** The services that a `pg_service.conf` defines. */
export function foundServices(text: string, place: string): readonly FoundConnection[] {
  const names = [...text.matchAll(/^[ \t]*\[([^\]\r\n]+)\]/gm)].map(([, name = ""]) => name);
  return [...new Set(names)].map((name) => ({
    label: name,
    place,
    connection: `service='${name.replace(/['\\]/g, "\\$&")}'`,
    isSupplied: false,
  }));
}

/** Up to its password, which is neither needed nor kept. */
const ENTRY = /^((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):((?:[^:\\]|\\.)*):/;

/** The servers that a password file names; an entry for any host says nothing about where to go. */
export function foundInPasswordFile(text: string, place: string): readonly FoundConnection[] {
  const found = new Map<string, FoundConnection>();
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("#")) continue;
    const fields = ENTRY.exec(line)
      ?.slice(1)
      .map((field) => field.replace(/\\(.)/g, "$1"));
    const [host = "*", port = "*", dbname = "*", user = "*"] = fields ?? [];
    if (host === "*" || host === "") continue;
    const given = Object.entries({ host, port, dbname, user }).filter(([, value]) => value !== "*");
    const connection = composeUri(new Map(given));
    const label = dbname === "*" ? host : `${dbname}@${host}`;
    found.set(connection, { label, place, connection, isSupplied: false });
  }
  return [...found.values()];
}
