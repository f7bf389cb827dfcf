import type { Keyword } from "./keywords.ts";

/** One value with the place that it came from. */
export interface ResolvedValue {
  readonly value: string;
  /** Such as `the connection string`, `environment variable PGPORT` or `default`. */
  readonly source: string;
}

/** Every value that is known, by keyword. */
export type ResolvedValues = ReadonlyMap<Keyword, ResolvedValue>;
