import { type ConfigContext, userFile } from "./context.ts";
import { type ConfiguredHost, defaultHost, isSocketDirectory } from "./hosts.ts";
import { lookUpPassword, type PasswordLookup } from "./password-file.ts";
import type { ResolvedValue, ResolvedValues } from "./resolved-values.ts";

/** Where the password file is; null where there is no home directory to hold it. */
export function passwordFile(values: ResolvedValues, context: ConfigContext): string | null {
  return values.get("passfile")?.value || userFile(context, { posix: ".pgpass", windows: "pgpass.conf" });
}

/** Looks up the password of one host in the password file. */
export function passwordOfHost(
  values: ResolvedValues,
  context: ConfigContext,
  host: ConfiguredHost,
): PasswordLookup {
  const path = passwordFile(values, context);
  if (path === null) return { kind: "absent" };
  return lookUpPassword(path, {
    host: nameInPasswordFile(host),
    port: String(host.port),
    database: values.get("dbname")?.value ?? "",
    user: values.get("user")?.value ?? "",
  });
}

/** The password that a connect would use, as far as the configuration knows one. */
export function findPassword(
  values: ResolvedValues,
  context: ConfigContext,
  hosts: readonly ConfiguredHost[],
): ResolvedValue | null {
  const given = values.get("password");
  if (given?.value) return given;
  for (const host of hosts) {
    const found = passwordOfHost(values, context, host);
    if (found.kind === "found") {
      return { value: found.password, source: `password file ${passwordFile(values, context)}` };
    }
  }
  return null;
}

/** `localhost` stands for the default socket directory too. */
function nameInPasswordFile({ host, hostaddr }: ConfiguredHost): string {
  if (host === "") return hostaddr ?? "localhost";
  return isSocketDirectory(host) && host === defaultHost() ? "localhost" : host;
}
