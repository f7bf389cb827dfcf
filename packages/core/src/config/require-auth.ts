import { invalidValue } from "./choice.ts";
import type { ResolvedValues } from "./resolved-values.ts";

/** A way in which a server asks a client to prove who it is. */
export type AuthMethod = "password" | "md5" | "gss" | "sspi" | "scram-sha-256" | "oauth";

/** What `require_auth` demands of the server. */
export interface AuthRequirement {
  readonly methods: ReadonlySet<AuthMethod>;
  /** Whether a server that asks for nothing is refused. */
  readonly mustAuthenticate: boolean;
}

const allMethods: readonly AuthMethod[] = ["password", "md5", "gss", "sspi", "scram-sha-256", "oauth"];

/** Reads `require_auth`: a list of methods, or of methods that are refused, each after `!`. Null where it is not given. */
export function parseRequireAuth(values: ResolvedValues): AuthRequirement | null {
  const text = values.get("require_auth")?.value;
  if (text === undefined || text === "") return null;
  const parts = text.split(",");
  const isNegative = text.startsWith("!");
  if (parts.some((part) => part.startsWith("!") !== isNegative)) {
    throw invalidValue(values, "require_auth", "must refuse with ! either every method or none");
  }
  const names = new Set(parts.map((part) => part.slice(isNegative ? 1 : 0)));
  if (names.size < parts.length) throw invalidValue(values, "require_auth", "must name each method once");
  const namesNone = names.delete("none");
  const named = allMethods.filter((method) => names.has(method));
  if (named.length < names.size) {
    throw invalidValue(values, "require_auth", `must name ${allMethods.join(", ")} or none`);
  }
  return {
    methods: new Set(isNegative ? allMethods.filter((method) => !names.has(method)) : named),
    mustAuthenticate: namesNone === isNegative,
  };
}
