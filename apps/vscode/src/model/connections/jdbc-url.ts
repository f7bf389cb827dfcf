import { composeUri, parseConnection } from "./connection-values.ts";

const PLAIN: Readonly<Record<string, string>> = {
  user: "user",
  password: "password",
  sslmode: "sslmode",
  applicationname: "application_name",
  connecttimeout: "connect_timeout",
  sslrootcert: "sslrootcert",
  sslcert: "sslcert",
};

const TARGETS: Readonly<Record<string, string>> = {
  primary: "read-write",
  master: "read-write",
  secondary: "standby",
  slave: "standby",
  presecondary: "prefer-standby",
  presslave: "prefer-standby",
  prefersecondary: "prefer-standby",
  preferslave: "prefer-standby",
};

/** What a parameter of the JDBC driver is called by libpq; null where libpq has no such thing. */
function translated(name: string, value: string): readonly [string, string] | null {
  const key = name.toLowerCase();
  const plain = PLAIN[key];
  if (plain !== undefined) return [plain, value];
  if (key === "ssl" && value !== "false") return ["sslmode", "verify-full"];
  if (key === "currentschema") return ["options", `-c search_path=${value}`];
  const target = key === "targetservertype" ? TARGETS[value.toLowerCase()] : undefined;
  return target === undefined ? null : ["target_session_attrs", target];
}

/**
 * The connection string that a JDBC URL means, its password included; null where the text is none.
 *
 * @see {@link https://jdbc.postgresql.org/documentation/use/}
 */
export function readJdbcUrl(text: string): string | null {
  const [, place, database = ""] = /^jdbc:postgresql:(\/\/)?(.*)$/is.exec(text.trim()) ?? [];
  if (place === undefined && database === "") return null;
  const parsed = parseConnection(
    place === undefined ? `postgresql:///${database}` : `postgresql://${database}`,
  );
  const values = new Map<string, string>();
  for (const [key, value] of parsed ?? []) {
    const isPlace = key === "host" || key === "port" || key === "dbname";
    const pair = isPlace ? ([key, value] as const) : translated(key, value);
    // `sslmode` says more than `ssl`, wherever it stands.
    if (pair !== null && (key.toLowerCase() !== "ssl" || !values.has("sslmode"))) values.set(...pair);
  }
  return composeUri(values);
}
