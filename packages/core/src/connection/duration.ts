import { ConfigError } from "../errors.ts";

/** The longest delay that a timer of Node keeps; a longer one would fire at once. */
export const longestTimerMillis = 2_147_483_647;

/** False for what no comparison would ever find to have passed. */
export function isDuration(value: number | null): boolean {
  return value === null || (Number.isFinite(value) && value >= 0);
}

export function durationError(name: string, value: number | null): ConfigError {
  return new ConfigError(`${name} must be a number of milliseconds or null for off, not ${String(value)}`);
}

/** @throws {ConfigError} it is no duration. */
export function mustBeDuration(name: string, value: number | null): void {
  if (!isDuration(value)) throw durationError(name, value);
}
