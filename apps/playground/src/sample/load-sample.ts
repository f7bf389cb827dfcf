import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ConnectionFactory } from "@rockpool/core";
import { PlaygroundError } from "../playground-error.ts";

/** The folder with the SQL of the sample. */
export const SAMPLE_FOLDER: string = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "sample");

const MARK = "Rockpool sample data, version 1";

/**
 * Makes the schema `shop` and fills it, where it is not there yet.
 *
 * @returns whether it had to be made
 * @throws {PlaygroundError} the database has a schema of that name that is not the sample.
 */
export async function loadSample(factory: ConnectionFactory, signal?: AbortSignal): Promise<boolean> {
  const options = signal === undefined ? {} : { signal };
  await using connection = await factory.connect(options);
  const { rows } = await connection.query<{ mark: string | null }>(
    "select obj_description(oid, 'pg_namespace') as mark from pg_namespace where nspname = 'shop'",
    [],
    options,
  );
  const [schema] = rows;
  if (schema?.mark === MARK) return false;
  if (schema !== undefined) {
    throw new PlaygroundError(
      'The database has a schema "shop" that is not the sample. Choose another database, or drop that schema.',
    );
  }
  const sample = readFileSync(join(SAMPLE_FOLDER, "shop.sql"), "utf8");
  await connection.script(`begin;\n${sample}\ncommit;`, options);
  return true;
}
