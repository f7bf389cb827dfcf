import { ConfigError } from "./errors.ts";

/** Which options one verb has. */
export interface OptionRules {
  /** The verb, as an error calls it. */
  readonly verb: string;
  readonly names: Readonly<Record<string, true>>;
}

/** What a call has that was given no options: there is nothing in it to check. */
export const noOptions: Readonly<Record<never, never>> = Object.freeze({});

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
  if (options === undefined || options === noOptions) return null;
  if (typeof options !== "object" || options === null) {
    const given = options === null ? "null" : typeof options;
    return new ConfigError(`the options of ${verb} must be an object, not ${given}`);
  }
  for (const name in options) {
    if (names[name] !== true) {
      const known = Object.keys(names).sort().join(", ");
      return new ConfigError(`${name} is not an option of ${verb}; the options are ${known}`);
    }
    if (namesSignal(name, options) && !isSignal(options.signal)) {
      return new ConfigError(`the signal of ${verb} must be an AbortSignal`);
    }
  }
  return null;
}

/** @throws {ConfigError} the mistake that {@link optionsError} finds. */
export function checkOptions(rules: OptionRules, options: object | undefined): void {
  const error = optionsError(rules, options);
  if (error !== null) throw error;
}

/** Of a name that the options have. */
function namesSignal(name: string, options: object): options is { readonly signal: unknown } {
  return name === "signal";
}

/** One of another realm is told by what is used of it. */
function isSignal(signal: unknown): boolean {
  if (signal === undefined || signal instanceof AbortSignal) return true;
  return typeof signal === "object" && signal !== null && "addEventListener" in signal;
}
