import { looksLikeConnection } from "./connection-text.ts";
import { composeUri } from "./connection-values.ts";
import { readVariables } from "./dotenv.ts";
import { libpqUri } from "./libpq-uri.ts";

/** libpq's environment variables that say where to connect and as whom. */
const KEYWORDS: Readonly<Record<string, string>> = {
  PGHOST: "host",
  PGPORT: "port",
  PGDATABASE: "dbname",
  PGUSER: "user",
  PGPASSWORD: "password",
  PGSSLMODE: "sslmode",
  PGOPTIONS: "options",
  PGAPPNAME: "application_name",
};

const URL_NAME = /^(?:[A-Z0-9_]*_)?(?:DATABASE|POSTGRES|POSTGRESQL|PG|DB)_(?:[A-Z]+_)*(?:URL|URI|DSN)$/;

type Variables = Readonly<Record<string, string | undefined>>;

/** Variables that hold a connection string, such as DATABASE_URL, POSTGRES_URL or ORDERS_DATABASE_URL. */
export function urlsIn(
  variables: Variables,
): readonly { readonly name: string; readonly connection: string }[] {
  return Object.entries(variables).flatMap(([name, value = ""]) => {
    const connection = libpqUri(value);
    return URL_NAME.test(name) && looksLikeConnection(connection) ? [{ name, connection }] : [];
  });
}

/** The connection string that PG* variables mean, password included; null where they name neither a host nor a database. */
export function connectionFromPgVariables(variables: Variables): string | null {
  if (!variables.PGHOST && !variables.PGDATABASE) return null;
  const values = Object.entries(KEYWORDS).flatMap(([name, keyword]): [string, string][] => {
    const value = variables[name];
    return value ? [[keyword, value]] : [];
  });
  return composeUri(new Map(values));
}

/** The connection string in lines such as `export PGHOST=db`, of any shell; null where there is none. */
export function readVariableLines(text: string): string | null {
  const variables = readVariables(text.replace(/(?:;|&&)\s*(?=(?:export|set|\$env:)[\s:A-Z])/g, "\n"));
  return urlsIn(variables)[0]?.connection ?? connectionFromPgVariables(variables);
}
