import { ConfigError } from "./errors.ts";

/** Which options one verb has. */
export interface OptionRules {
  /** The verb, as an error calls it. */
  readonly verb: string;
  readonly names: Readonly<Record<string, true>>;
}

/** Every option of a type, none missing and none beyond. */
export function optionRules<O>(verb: string, names: Readonly<Record<keyof O, true>>): OptionRules {
  return { verb, names };
}

/**
 * Finds the mistake in the options of one call: a misspelt limit would pass for no limit.
 *
 * Returned, not thrown, for verbs that answer with a promise and are no async functions.
 */
export function optionsError({ verb, names }: OptionRules, options: object | undefined): ConfigError | null {
  if (options === undefined) return null;
  if (typeof options !== "object" || options === null) {
    const given = options === null ? "null" : typeof options;
    return new ConfigError(`the options of ${verb} must be an object, not ${given}`);
  }
  for (const name in options) {
    if (names[name] !== true) {
      const known = Object.keys(names).sort().join(", ");
      return new ConfigError(`${name} is not an option of ${verb}; the options are ${known}`);
    }
  }
  if (!("signal" in options) || isSignal(options.signal)) return null;
  return new ConfigError(`the signal of ${verb} must be an AbortSignal`);
}

/** @throws {ConfigError} the mistake that {@link optionsError} finds. */
export function checkOptions(rules: OptionRules, options: object | undefined): void {
  const error = optionsError(rules, options);
  if (error !== null) throw error;
}

/** By what is used of it: it can come from another realm. */
function isSignal(signal: unknown): boolean {
  if (signal === undefined) return true;
  return typeof signal === "object" && signal !== null && "addEventListener" in signal;
}
