import { vi } from "vitest";

/** Sets variables for one test; the rest of `OTEL_*` is unset. */
export function useEnvironment(variables: Record<string, string>): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("OTEL_")) vi.stubEnv(name, undefined);
  }
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}
