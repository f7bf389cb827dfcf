import type { Playground } from "../playground.ts";
import type { LaunchDatabase } from "./database.ts";
import type { Workbench } from "./start-workbench.ts";

export interface Addresses {
  readonly database: Pick<LaunchDatabase, "url" | "isOwn">;
  readonly playground: Pick<Playground, "url">;
  readonly workbench: Pick<Workbench, "url"> | null;
}

/** Every address and credential that a user needs. A database of the user's own is named without its password. */
export function describeAddresses({ database, playground, workbench }: Addresses): string {
  const lines = [
    ...(workbench === null ? [] : [`  editor      ${workbench.url}`]),
    `  service     ${playground.url}   (try /report, /orders/recent, /search?q=lamp)`,
    `  live pool   ${playground.url}/pool`,
    database.isOwn
      ? `  database    ${database.url}   (user postgres, no password, this machine only)`
      : `  database    ${withoutPassword(database.url)}   (yours; the sample is in its schema "shop")`,
  ];
  return ["", ...lines, "", "Press Ctrl-C to stop and remove everything.", ""].join("\n");
}

/** Masks a password in the forms that libpq accepts. */
export function withoutPassword(connection: string): string {
  return connection
    .replace(/(:\/\/[^:@/?]*):[^@/?]*@/, "$1:***@")
    .replace(/\b(password=)('(?:[^'\\]|\\.)*'|[^\s&]+)/gi, "$1***");
}
