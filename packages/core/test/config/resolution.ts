import { parseSettings } from "../../src/config/connection-settings.ts";
import { createContext } from "../../src/config/context.ts";
import { findPassword, passwordFile } from "../../src/config/passwords.ts";
import { resolveConfig } from "../../src/config/resolve-config.ts";
import { ConfigError } from "../../src/errors.ts";
import { ask, type Oracle, type OracleAnswer } from "./oracle.ts";

/** A configuration and the environment in which it is read. */
export interface ResolutionSample {
  readonly resolve: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** The samples that come to something else for libpq than for us. */
export async function differencesFrom(
  oracle: Oracle,
  samples: readonly ResolutionSample[],
): Promise<unknown[]> {
  const answers = await ask(oracle, samples);
  return samples.flatMap((sample, index) => {
    const answer = answers[index] ?? {};
    const ours = resolve(sample.resolve, sample.environment);
    const wanted = isRefused(answer) ? "error" : comparable(answer);
    const isEqual = ours.some((possible) => comparable(possible) === wanted);
    return isEqual ? [] : [{ sample, ours, libpq: answer }];
  });
}

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}

/** What the configuration comes to for us, as every answer that libpq may give: one for each host that it may stop at. */
function resolve(text: string, environment: Readonly<Record<string, string>>): OracleAnswer[] {
  try {
    const context = createContext({ environment });
    const values = new Map(resolveConfig(text, context));
    const file = passwordFile(values, context);
    const { hosts } = parseSettings(values);
    if (file !== null && !values.get("password")?.value) values.set("passfile", { value: file, source: "" });
    return hosts.map((host) => ({
      values: Object.fromEntries([...values].map(([keyword, { value }]) => [keyword, hex(value)])),
      facts: {
        PQport: hex(String(host.port)),
        PQpass: hex(findPassword(values, context, [host])?.value ?? ""),
      },
    }));
  } catch (error) {
    if (error instanceof ConfigError) return [{ error: error.message }];
    throw error;
  }
}

/** libpq goes on to dial once the configuration stands, and that fails for lack of a server. */
function isRefused(answer: OracleAnswer): boolean {
  return !/^$|connection to server|translate host name|private key file|root certificate/.test(
    answer.error ?? "",
  );
}

/** The values, and the port and the password of the first host. */
function comparable({ values, facts }: OracleAnswer): string {
  if (values === undefined || facts === undefined) return "error";
  const portText = Buffer.from(facts.PQport ?? "", "hex").toString();
  const port = Number(portText);
  // A password file is searched for the port as it is written, and ours has forgotten the sign and the blanks.
  const isPlain = /^[0-9]+$/.test(
    Buffer.from(values.port ?? "", "hex")
      .toString()
      .replaceAll(",", ""),
  );
  return JSON.stringify([port, isPlain ? facts.PQpass : "", Object.entries(values).sort()]);
}
