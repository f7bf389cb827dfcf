import { ConfigError } from "../errors.ts";
import { integerOf } from "./integer.ts";
import type { Keyword } from "./keywords.ts";
import type { ResolvedValues } from "./resolved-values.ts";

/** Reads a value that is one of a few words. */
export function chooseOf<T extends string>(
  values: ResolvedValues,
  keyword: Keyword,
  choices: readonly T[],
): T {
  const given = values.get(keyword);
  const choice = choices.find((candidate) => candidate === given?.value);
  if (choice === undefined) {
    throw invalidValue(values, keyword, `must be one of ${choices.join(", ")}`);
  }
  return choice;
}

/** Reads an integer; null where none is given. */
export function optionalInteger(values: ResolvedValues, keyword: Keyword): number | null {
  const given = values.get(keyword);
  if (given === undefined) return null;
  const value = integerOf(given.value);
  if (value === null) throw invalidValue(values, keyword, "must be an integer");
  return value;
}

/** Reads a text; null where none is given or it is empty. */
export function optionalText(values: ResolvedValues, keyword: Keyword): string | null {
  return values.get(keyword)?.value || null;
}

/** An error about the value of a parameter that is not a secret. */
export function invalidValue(values: ResolvedValues, keyword: Keyword, remedy: string): ConfigError {
  const given = values.get(keyword);
  const source = given?.source ?? null;
  return new ConfigError(`${keyword} from ${source ?? "nowhere"} ${remedy}; it is "${given?.value ?? ""}"`, {
    source,
  });
}
